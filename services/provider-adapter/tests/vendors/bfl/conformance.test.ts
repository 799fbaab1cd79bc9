import { describeConformance } from '../conformance.ts';
import { bflScript } from './script.ts';

describeConformance(bflScript);
