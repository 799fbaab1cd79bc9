import { describeConformance } from '../conformance.ts';
import { falScript, ownScript } from './script.ts';

for (const script of [ownScript, falScript]) describeConformance(script);
