import { describeConformance } from '../conformance.ts';

describeConformance({
  type: 'openai-compatible',
  protocol: 'openai',
  model: 'Qwen/Qwen2.5-VL-7B-Instruct',
  tells: true,
  structured: true,
});
