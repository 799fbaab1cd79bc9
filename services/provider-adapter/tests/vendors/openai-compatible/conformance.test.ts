import { describeConformance } from '../conformance.ts';
import { dialectScripts } from './scripts.ts';

for (const script of dialectScripts) describeConformance(script);
