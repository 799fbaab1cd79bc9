import type { Command } from 'commander';
import { type Finding, runCheck } from '../doctor/check.ts';
import { doctorChecks } from '../doctor/checks.ts';
import { Exit } from '../exit-codes.ts';
import { define, type Runtime } from './define.ts';

const looks = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

/** `atelier doctor`: checks every configured part. */
export function addDoctor(program: Command, runtime: Runtime): void {
  define(program, runtime, {
    usage: 'doctor',
    summary: 'Checks every configured part through the gateway, without spending. Exits 1 when one fails.',
    run: async (session) => {
      const { out } = session;
      const findings: Finding[] = [];
      for (const check of doctorChecks(session)) {
        out.status(`checking ${check.part}`);
        const finding = await runCheck(check);
        findings.push(finding);
        out.lines(line(finding, out.style[looks[finding.health]]));
        // Without the gateway everything else would only fail for the same reason, and slowly.
        if (finding.part === 'gateway' && finding.health === 'failed') break;
      }
      const isWell = findings.every(({ health }) => health !== 'failed');
      if (out.json) out.result({ ok: isWell, checks: findings.map((finding) => ({ ...finding })) }, []);
      return isWell ? Exit.OK : Exit.FAILED;
    },
  });
}

function line({ part, health, message }: Finding, look: (text: string) => string): string {
  return `${look(health.padEnd(8))} ${part.padEnd(17)} ${message}`;
}
