import { describeConformance } from '../conformance.ts';
import { comfyuiScript } from './script.ts';

describeConformance(comfyuiScript);
