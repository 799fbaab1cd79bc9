import { describeConformance } from '../conformance.ts';
import { ideogramScript } from './script.ts';

describeConformance(ideogramScript);
