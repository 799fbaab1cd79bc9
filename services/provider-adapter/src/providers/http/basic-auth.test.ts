import { ConfigError, Secret } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { basicCredential } from './basic-auth.ts';
import { settingsOf } from './settings.ts';

function credential(fields: Record<string, string>, secrets: Record<string, string>) {
  const hidden = Object.entries(secrets).map(([name, value]) => [name, new Secret(value)] as const);
  const instance = { name: 'gpu', fields: new Map(Object.entries(fields)), secrets: new Map(hidden) };
  const found = basicCredential(settingsOf(instance, 'http://gpu.example'));
  return found && found.scheme + Buffer.from(found.secret.reveal(), 'base64').toString();
}

test('user and password by themselves, together, or not at all', () => {
  expect(credential({ USERNAME: 'me' }, { PASSWORD: 'päss:word' })).toBe('Basic me:päss:word');
  expect(credential({}, { API_KEY: 'me:secret' })).toBe('Basic me:secret');
  expect(credential({}, {})).toBeUndefined();
});

test('half of one is a fault of the configuration, which shows no secret', () => {
  for (const [fields, secrets] of [
    [{ USERNAME: 'me' }, {}],
    [{}, { PASSWORD: 'hidden' }],
    [{}, { API_KEY: 'hidden' }],
  ] as const) {
    expect(() => credential(fields, secrets)).toThrow(ConfigError);
    expect(() => credential(fields, secrets)).not.toThrow(/hidden/);
  }
});
