import { AtelierError } from '@atelier/client';

/** How a part is. */
export type Health = 'ok' | 'warning' | 'failed';

/** What was found of one part. */
export interface Finding {
  readonly part: string;
  readonly health: Health;
  readonly message: string;
}

/** A check of one part. It gives the message for the good case, or a finding. */
export interface Check {
  readonly part: string;
  run(): Promise<string | { readonly health: Health; readonly message: string }>;
}

/** Runs a check; what it throws is a finding too. */
export async function runCheck({ part, run }: Check): Promise<Finding> {
  try {
    const found = await run();
    return typeof found === 'string' ? { part, health: 'ok', message: found } : { part, ...found };
  } catch (error) {
    if (!(error instanceof AtelierError))
      return { part, health: 'failed', message: (error as Error).message };
    const { codeName, reason, message } = error;
    // What a server does not offer yet is no fault of the installation.
    const health = codeName === 'UNIMPLEMENTED' ? 'warning' : 'failed';
    return { part, health, message: `${reason === '' ? codeName : `${codeName} ${reason}`}: ${message}` };
  }
}
