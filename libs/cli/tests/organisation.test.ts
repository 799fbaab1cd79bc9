import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Organisation, OrganisationSchema } from '@atelier/protos/atelier/gateway/v1/organisation_pb.ts';
import { OrganisationService } from '@atelier/protos/atelier/gateway/v1/organisation_service_pb.ts';
import { aborted, invalidArgument } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type ScriptedGateway, startScriptedGateway } from '../../client/tests/scripted/gateway.ts';
import { partial } from '../../client/tests/scripted/partial.ts';
import { atelier } from './command.ts';

let gateway: ScriptedGateway;
let folder: string;
let file: string;
let rules: Organisation;
let writes: number;
/** Done between the check and the write, as somebody else might. */
let meanwhile: () => void;

const stamped = (value: Organisation, revision: bigint) => ({ ...value, revision, etag: `etag-${revision}` });

beforeEach(async () => {
  rules = stamped(create(OrganisationSchema), 0n);
  writes = 0;
  meanwhile = () => {};
  const service = partial(OrganisationService, {
    getOrganisation: async () => ({ organisation: rules }),
    updateOrganisation: async ({ organisation, validateOnly }) => {
      if (organisation === undefined) throw invalidArgument('organisation', 'is required');
      const foreign = organisation.questions.findIndex(({ id }) => !id.startsWith('org-'));
      if (foreign >= 0)
        throw invalidArgument(`organisation.questions[${foreign}].id`, 'must begin with org-');
      if (organisation.etag !== rules.etag) throw aborted('Changed meanwhile.', { reason: 'ETAG_MISMATCH' });
      const forbiddenTerms = organisation.forbiddenTerms.map((term) => term.trim());
      const next = { ...organisation, forbiddenTerms };
      const warnings = next.questions.some(({ check }) => check === undefined)
        ? ['No judge can answer.']
        : [];
      if (validateOnly) {
        meanwhile();
        return { organisation: next, warnings };
      }
      writes += 1;
      rules = stamped(next, rules.revision + 1n);
      return { organisation: rules, warnings };
    },
  });
  gateway = await startScriptedGateway([service]);
  folder = await mkdtemp(join(tmpdir(), 'atelier-organisation-'));
  file = join(folder, 'organisation.yaml');
});

afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => atelier(gateway.address, ['organisation', ...args]);

const written = `forbiddenTerms: [acme, ' rival ']
questions:
  - id: org-blank
    text: Is there something?
    required: true
    check: { kind: not_blank }
`;

describe('organisation', () => {
  test('there are no rules while nobody wrote any, and what is shown can be applied', async () => {
    const { code, stdout, stderr } = await run('show');
    expect([code, stderr]).toEqual([0, 'The organisation has no rules: nobody wrote any.\n']);
    await writeFile(file, stdout);
    const { stdout: applied } = await run('apply', file);
    expect(applied).toBe('organisation  unchanged at revision 0\n');
    expect(writes).toBe(0);
  });

  test('rules are written from a file, and the same file again changes nothing', async () => {
    await writeFile(file, written);
    const dry = await run('apply', file, '--dry-run');
    expect(dry.stdout).toBe('This would be done:\norganisation  create\n');
    expect(writes).toBe(0);
    expect((await run('apply', file)).stdout).toBe('organisation  create\n');
    expect(rules).toMatchObject({ forbiddenTerms: ['acme', 'rival'], questions: [{ id: 'org-blank' }] });
    expect((await run('apply', file)).stdout).toBe('organisation  unchanged at revision 1\n');
    expect(writes).toBe(1);
    const { stdout } = await run();
    expect(parse(stdout)).toEqual({
      forbiddenTerms: ['acme', 'rival'],
      questions: [
        { id: 'org-blank', text: 'Is there something?', required: true, check: { kind: 'not_blank' } },
      ],
    });
    expect(JSON.parse((await run('show', '--json')).stdout)).toMatchObject({ revision: '1', etag: 'etag-1' });
  });

  test('a dry run shows what would change, and what still looks wrong', async () => {
    await writeFile(file, written);
    await run('apply', file, '--quiet');
    const changed = written
      .replace('[acme, ', '[new, acme, ')
      .replace(", ' rival '", '')
      .replace('Is there something?', 'Is anything there?')
      .replace('    check: { kind: not_blank }\n', '');
    await writeFile(file, changed);
    const { stdout } = await run('apply', file, '--dry-run');
    expect(stdout).toBe(
      [
        'This would be done:',
        'organisation  update revision 1',
        '    forbiddenTerms[rival]:',
        '      - rival',
        '    forbiddenTerms[new]:',
        '      + new',
        '    questions[org-blank].text:',
        '      - Is there something?',
        '      + Is anything there?',
        '    questions[org-blank].check:',
        '      - {"kind":"not_blank"}',
        '    No judge can answer.',
        '',
      ].join('\n'),
    );
    const { stdout: json } = await run('apply', file, '--dry-run', '--json');
    expect(JSON.parse(json)).toMatchObject({
      dryRun: true,
      name: 'organisation',
      action: 'update',
      notes: ['No judge can answer.'],
      differences: [{ before: 'rival', after: null }, { before: null, after: 'new' }, {}, {}],
    });
    expect(writes).toBe(1);
  });

  test('what came in between is not overwritten', async () => {
    await writeFile(file, written);
    meanwhile = () => {
      rules = stamped(create(OrganisationSchema, { forbiddenTerms: ['other'] }), 5n);
    };
    const { code, stderr } = await run('apply', file);
    expect(code).toBe(1);
    expect(stderr).toContain('ABORTED ETAG_MISMATCH');
    expect(rules).toMatchObject({ forbiddenTerms: ['other'], revision: 5n });
  });

  test('what is wrong is told by file, or by the platform', async () => {
    await writeFile(file, 'forbidenTerms: [acme]\n');
    const unknown = await run('apply', file);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      `error ${file}: forbidenTerms: unknown key (did you mean forbiddenTerms?)\n`,
    ]);
    await writeFile(file, 'revision: 3\netag: x\n');
    expect((await run('apply', file)).stderr).toContain(`${file}: revision: is set by the platform\n`);
    await writeFile(file, '- acme\n');
    expect((await run('apply', file)).stderr).toContain('expected keys such as forbiddenTerms and questions');
    await writeFile(file, written.replace('org-blank', 'blank'));
    const refused = await run('apply', file);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('organisation.questions[0].id: must begin with org-');
    expect(writes).toBe(0);
  });

  test('its help says what there is', async () => {
    const { stdout } = await run('--help');
    for (const part of ['show', 'apply [options] <file>', 'organisation apply organisation.yaml --dry-run'])
      expect(stdout).toContain(part);
  });
});
