import { describeConformance } from '../conformance.ts';
import { falScript } from './script.ts';

describeConformance(falScript);
