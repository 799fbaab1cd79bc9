import { describeConformance } from '../conformance.ts';

describeConformance({
  type: 'openai',
  protocol: 'openai',
  model: 'gpt-4.1-mini',
  tells: true,
  structured: true,
});
