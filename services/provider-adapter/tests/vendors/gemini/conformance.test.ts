import { describeConformance } from '../conformance.ts';
import { geminiScript } from './script.ts';

describeConformance(geminiScript);
