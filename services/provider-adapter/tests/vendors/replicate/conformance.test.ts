import { describeConformance } from '../conformance.ts';
import { replicateScript } from './script.ts';

describeConformance(replicateScript);
