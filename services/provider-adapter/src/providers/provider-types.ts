import { azureOpenai } from './azure-openai/protocol.ts';
import { bfl } from './bfl/protocol.ts';
import { fal } from './fal/protocol.ts';
import { gemini } from './gemini/protocol.ts';
import { openai } from './openai/protocol.ts';
import { openaiCompatible } from './openai-compatible/protocol.ts';
import type { ProviderType } from './provider.ts';
import { replicate } from './replicate/protocol.ts';
import { sandbox } from './sandbox/provider.ts';
import { stability } from './stability/protocol.ts';
import { studio } from './studio/provider.ts';

/** Every kind of provider that comes with the service. A new one is a folder beside this file, and a line here. */
export const PROVIDER_TYPES: readonly ProviderType[] = [
  studio,
  sandbox,
  openai,
  azureOpenai,
  gemini,
  bfl,
  stability,
  fal,
  replicate,
  ...openaiCompatible,
];
