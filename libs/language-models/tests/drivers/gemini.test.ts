import { describeConformance } from '../conformance.ts';

describeConformance({
  type: 'gemini',
  protocol: 'gemini',
  model: 'gemini-2.5-flash',
  tells: true,
  structured: true,
});
