import { describeConformance } from '../conformance.ts';
import { stabilityScript } from './script.ts';

describeConformance(stabilityScript);
