import { describeConformance } from '../conformance.ts';
import { bedrockScript } from './script.ts';

describeConformance(bedrockScript);
