import { describeConformance } from '../conformance.ts';

describeConformance({
  type: 'anthropic',
  protocol: 'anthropic',
  model: 'claude-haiku-4-5',
  tells: false,
  structured: true,
});
