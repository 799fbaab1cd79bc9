import { describeConformance } from '../conformance.ts';
import { openaiScript } from './script.ts';

describeConformance(openaiScript);
