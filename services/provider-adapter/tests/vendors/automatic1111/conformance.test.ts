import { describeConformance } from '../conformance.ts';
import { automatic1111Script } from './script.ts';

describeConformance(automatic1111Script);
