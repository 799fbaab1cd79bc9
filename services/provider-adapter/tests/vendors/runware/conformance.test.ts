import { describeConformance } from '../conformance.ts';
import { runwareScript } from './script.ts';

describeConformance(runwareScript);
