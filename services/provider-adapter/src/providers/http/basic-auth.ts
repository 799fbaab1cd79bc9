import { ConfigError, Secret } from '@atelier/config';
import { instanceVariable } from '../instance-fields.ts';
import type { Settings } from './settings.ts';
import type { Credential } from './wire-request.ts';

/**
 * HTTP Basic: USERNAME and PASSWORD of the instance, or both in API_KEY with a colon between them. Undefined where neither
 * is set, as servers that one runs oneself often ask for nothing. Throws a `ConfigError` for half of one.
 */
export function basicCredential({ name, field, secret }: Settings): Credential | undefined {
  const fault = (of: string, message: string) =>
    new ConfigError([{ variable: instanceVariable(name, of), message }]);
  const [user, password, both] = [field('USERNAME'), secret('PASSWORD'), secret('API_KEY')];
  if (user !== undefined && password !== undefined) return encoded(`${user}:${password.reveal()}`);
  if (user !== undefined) throw fault('PASSWORD', 'is needed beside USERNAME');
  if (password !== undefined) throw fault('USERNAME', 'is needed beside PASSWORD');
  if (both === undefined) return undefined;
  if (!both.reveal().includes(':'))
    throw fault('API_KEY', 'must be a user and a password with a colon between them');
  return encoded(both.reveal());
}

function encoded(userAndPassword: string): Credential {
  return { scheme: 'Basic ', secret: new Secret(Buffer.from(userAndPassword).toString('base64')) };
}
