import { describeConformance } from '../conformance.ts';

describeConformance({
  type: 'replicate',
  protocol: 'replicate',
  model: 'openai/gpt-4o',
  tells: false,
  structured: false,
});
