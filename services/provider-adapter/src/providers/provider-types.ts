import { automatic1111 } from './automatic1111/protocol.ts';
import { azureOpenai } from './azure-openai/protocol.ts';
import { bedrock } from './bedrock/protocol.ts';
import { bfl } from './bfl/protocol.ts';
import { comfyui } from './comfyui/protocol.ts';
import { fal } from './fal/protocol.ts';
import { fireworks } from './fireworks/protocol.ts';
import { gemini } from './gemini/protocol.ts';
import { huggingface } from './huggingface/protocol.ts';
import { ideogram } from './ideogram/protocol.ts';
import { openai } from './openai/protocol.ts';
import { openaiCompatible } from './openai-compatible/protocol.ts';
import type { ProviderType } from './provider.ts';
import { replicate } from './replicate/protocol.ts';
import { runware } from './runware/protocol.ts';
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
  bedrock,
  huggingface,
  automatic1111,
  comfyui,
  runware,
  ideogram,
  fireworks,
  replicate,
  ...openaiCompatible,
];
