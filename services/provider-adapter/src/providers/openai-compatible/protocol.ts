import { ConfigError } from '@atelier/config';
import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { Settings } from '../http/settings.ts';
import { instanceVariable } from '../instance-fields.ts';
import { exchangeImages } from '../openai/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { DIALECTS, type Dialect } from './dialects.ts';
import { dialectRequest } from './request.ts';

/** The protocol of a dialect. The type `openai-compatible` takes any of them by its variable DIALECT. */
export function dialectProtocol(type: string): Protocol {
  const preset = DIALECTS[type];
  if (preset === undefined) throw new Error(`there is no dialect ${type}`);
  return {
    type,
    baseUrl: preset.baseUrl,
    needs: [...(preset.baseUrl === '' ? ['BASE_URL'] : []), ...(preset.isSelfHosted ? [] : ['API_KEY'])],
    concurrency: preset.isSelfHosted ? 2 : 8,
    isSelfHosted: preset.isSelfHosted,
    check: (settings) => void dialectOf(settings, preset),
    request: (call, settings, images) => dialectRequest(call, settings, images, dialectOf(settings, preset)),
    submit: (wire, job) => exchangeImages(wire, job, dialectOf(job.settings, preset).answer),
  };
}

function dialectOf(settings: Settings, preset: Dialect): Dialect {
  const name = settings.field('DIALECT');
  if (name === undefined) return preset;
  const dialect = DIALECTS[name];
  if (dialect !== undefined) return dialect;
  const message = `must be one of ${Object.keys(DIALECTS).join(', ')}`;
  throw new ConfigError([{ variable: instanceVariable(settings.name, 'DIALECT'), message }]);
}

export const openaiCompatible: readonly ProviderType[] = Object.keys(DIALECTS).map((type) =>
  httpProvider(dialectProtocol(type)),
);
