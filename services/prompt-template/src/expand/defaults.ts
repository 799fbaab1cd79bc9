import type { Topic } from '../text/topics.ts';

/**
 * What is said about a picture whose brief, in the caller's own words, is silent about it. Only how it is framed and
 * lit: what is in it is the caller's business. A brief changes or removes each by its style of the same name.
 */
export const SILENT_DEFAULTS: readonly { readonly topic: Topic; readonly clause: string }[] = [
  { topic: 'framing', clause: 'centred in the frame' },
  { topic: 'lighting', clause: 'soft, even lighting' },
];
