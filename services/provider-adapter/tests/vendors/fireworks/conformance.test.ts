import { describeConformance } from '../conformance.ts';
import { fireworksScript, kontextScript } from './scripts.ts';

describeConformance(fireworksScript);
describeConformance(kontextScript);
