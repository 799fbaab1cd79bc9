import { ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { TeamState } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Clients, type Fixture, fieldsOf, fixture, refusal } from './harness.ts';

let mesh: Fixture;
let red: Clients;
let blue: Clients;

beforeAll(async () => {
  mesh = await fixture();
  red = mesh.as('red');
  blue = mesh.as('blue');
});
afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
});

const good = {
  defaultModel: 'models/studio-a',
  allowedModels: ['models/studio-a', 'models/studio-b'],
  template: 'templates/cut-out',
  rubric: 'rubrics/cut-out',
};

describe('projects', () => {
  test('a project is made, read, changed and paused, and each revision can be read again', async () => {
    const name = 'projects/lifecycle';
    const { project: made } = await red.projects.createProject({
      project: { ...good, name, displayName: 'One' },
    });
    expect(made).toMatchObject({ name, team: 'teams/red', revision: 1n, state: ProjectState.ACTIVE });
    const { project: changed } = await red.projects.updateProject({
      project: { ...good, name, displayName: 'Two', etag: made!.etag },
    });
    expect(changed).toMatchObject({ displayName: 'Two', revision: 2n, createTime: made!.createTime });
    expect(changed!.etag).not.toBe(made!.etag);
    const { project: paused } = await red.projects.setProjectState({
      name,
      state: ProjectState.PAUSED,
      etag: changed!.etag,
    });
    expect(paused).toMatchObject({ displayName: 'Two', revision: 3n, state: ProjectState.PAUSED });
    // Settings that say nothing of the state leave it.
    const { project: renamed } = await red.projects.updateProject({
      project: { ...good, name, displayName: 'Three' },
    });
    expect(renamed).toMatchObject({ revision: 4n, state: ProjectState.PAUSED });
    const names = await Promise.all(
      [1n, 2n, 3n, 4n, 0n].map(async (revision) => {
        const { project } = await red.projects.getProject({ name, revision });
        return [project?.revision, project?.displayName];
      }),
    );
    expect(names).toEqual([
      [1n, 'One'],
      [2n, 'Two'],
      [3n, 'Two'],
      [4n, 'Three'],
      [4n, 'Three'],
    ]);
    expect((await red.projects.getProject({ name, revision: 1n })).project?.etag).toBe(made!.etag);
    expect(await refusal(red.projects.getProject({ name, revision: 5n }))).toBe('NOT_FOUND NOT_FOUND');
  });

  test('of two who change the same revision one wins', async () => {
    const name = 'projects/conflict';
    const { project } = await red.projects.createProject({ project: { name } });
    const attempts = ['a', 'b', 'c', 'd'].map((displayName) =>
      refusal(red.projects.updateProject({ project: { name, displayName, etag: project!.etag } })),
    );
    const answers = (await Promise.all(attempts)).sort();
    expect(answers).toEqual([
      'ABORTED ETAG_MISMATCH',
      'ABORTED ETAG_MISMATCH',
      'ABORTED ETAG_MISMATCH',
      'OK',
    ]);
    expect(
      await refusal(red.projects.setProjectState({ name, state: ProjectState.PAUSED, etag: project!.etag })),
    ).toBe('ABORTED ETAG_MISMATCH');
    // Without an etag everybody gets his turn.
    const more = ['e', 'f', 'g', 'h'].map((displayName) =>
      refusal(red.projects.updateProject({ project: { name, displayName } })),
    );
    expect(await Promise.all(more)).toEqual(['OK', 'OK', 'OK', 'OK']);
    expect((await red.projects.getProject({ name })).project?.revision).toBe(6n);
  });

  test('a repeat of the same change is no conflict and makes no revision', async () => {
    const name = 'projects/repeat';
    const { project } = await red.projects.createProject({ project: { name } });
    const change = { project: { name, description: 'x', etag: project!.etag } };
    const first = await red.projects.updateProject(change);
    const second = await red.projects.updateProject(change);
    expect(second.project).toEqual(first.project);
  });

  test('a name is taken once in the organisation, but a repeat of the very call gives what it made', async () => {
    const project = { name: 'projects/once' };
    const first = await red.projects.createProject({ project }, { requestId: 'call-1' });
    expect((await red.projects.createProject({ project }, { requestId: 'call-1' })).project).toEqual(
      first.project,
    );
    expect(await refusal(red.projects.createProject({ project }, { requestId: 'call-2' }))).toBe(
      'ALREADY_EXISTS ALREADY_EXISTS',
    );
    expect(await refusal(blue.projects.createProject({ project }, { requestId: 'call-1' }))).toBe(
      'ALREADY_EXISTS ALREADY_EXISTS',
    );
  });

  test('what a project names must exist', async () => {
    const bad = {
      name: 'projects/bad',
      defaultModel: 'models/none',
      template: 'templates/none',
      rubric: 'rubrics/none',
      policy: { fallbackModels: ['models/studio-a', 'models/gone'] },
    };
    expect(await refusal(red.projects.createProject({ project: bad }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await fieldsOf(red.projects.createProject({ project: bad }))).toEqual([
      'project.default_model',
      'project.policy.fallback_models[1]',
      'project.template',
      'project.rubric',
    ]);
    const closed = {
      name: 'projects/bad',
      defaultModel: 'models/studio-a',
      allowedModels: ['models/studio-b'],
    };
    expect(await refusal(red.projects.createProject({ project: closed }))).toBe(
      'INVALID_ARGUMENT CONTRADICTORY_FIELDS',
    );
    const loose = [{ id: 'q', text: 'Is it so?', dependsOn: ['nowhere'] }];
    expect(
      await fieldsOf(red.projects.createProject({ project: { name: 'projects/bad', questions: loose } })),
    ).toEqual(['project.questions[0].depends_on[0]']);
    expect(await refusal(red.projects.getProject({ name: 'projects/bad' }))).toBe('NOT_FOUND NOT_FOUND');
  });

  test("another team's project does not exist", async () => {
    const name = 'projects/secret';
    const { project } = await red.projects.createProject({ project: { name } });
    const attempts = [
      blue.projects.getProject({ name }),
      blue.projects.getProject({ name, revision: 1n }),
      blue.projects.updateProject({ project: { name, etag: project!.etag } }),
      blue.projects.setProjectState({ name, state: ProjectState.ARCHIVED }),
      mesh.as('red-bound').projects.getProject({ name }),
    ];
    expect(new Set(await Promise.all(attempts.map(refusal)))).toEqual(new Set(['NOT_FOUND NOT_FOUND']));
    expect((await blue.projects.listProjects({})).projects).toEqual([]);
    expect(
      await refusal(mesh.as('red-bound').projects.createProject({ project: { name: 'projects/other' } })),
    ).toBe('PERMISSION_DENIED SCOPE_MISSING');
    await mesh.as('red-bound').projects.createProject({ project: { name: 'projects/red-bound' } });
    const bound = await mesh.as('red-bound').projects.listProjects({});
    expect(bound.projects.map((found) => found.name)).toEqual(['projects/red-bound']);
  });

  test('lists page by name, leave out what is archived, and their tokens belong to them', async () => {
    const author = mesh.as('blue').projects;
    for (const id of ['c', 'a', 'e', 'b', 'd'])
      await author.createProject({ project: { name: `projects/page-${id}` } });
    await author.setProjectState({ name: 'projects/page-b', state: ProjectState.ARCHIVED });
    const pages: string[][] = [];
    let pageToken = '';
    do {
      const page = await author.listProjects({ pageSize: 2, pageToken });
      pages.push(page.projects.map(({ name }) => name.slice('projects/page-'.length)));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(pages).toEqual([
      ['a', 'c'],
      ['d', 'e'],
    ]);
    const all = await author.listProjects({ includeArchived: true, pageSize: 3 });
    expect(all.projects).toHaveLength(3);
    const token = { pageToken: all.nextPageToken };
    expect(await refusal(author.listProjects({ ...token, pageSize: 3 }))).toBe(
      'INVALID_ARGUMENT INVALID_PAGE_TOKEN',
    );
    expect(await refusal(red.projects.listProjects({ ...token, includeArchived: true }))).toBe(
      'INVALID_ARGUMENT INVALID_PAGE_TOKEN',
    );
    expect((await author.listProjects({ ...token, includeArchived: true })).projects).toHaveLength(2);
  });
});

describe('teams', () => {
  test('teams of the configuration exist, and others are made by the platform', async () => {
    const platform = mesh.as('platform').teams;
    expect((await red.teams.getTeam({ name: 'teams/red' })).team).toMatchObject({
      name: 'teams/red',
      revision: 0n,
    });
    const { team } = await platform.createTeam({ team: { name: 'teams/green', owners: ['a@example.com'] } });
    expect(team).toMatchObject({ revision: 1n, state: TeamState.ACTIVE });
    expect(await refusal(platform.createTeam({ team: { name: 'teams/green' } }))).toBe(
      'ALREADY_EXISTS ALREADY_EXISTS',
    );
    const { team: changed } = await platform.updateTeam({
      team: { name: 'teams/green', costCentre: '42', etag: team!.etag },
    });
    expect(changed).toMatchObject({ costCentre: '42', owners: [], revision: 2n });
    expect(await refusal(platform.updateTeam({ team: { name: 'teams/green', etag: team!.etag } }))).toBe(
      'ABORTED ETAG_MISMATCH',
    );
    expect(await refusal(platform.updateTeam({ team: { name: 'teams/nobody' } }))).toBe(
      'NOT_FOUND NOT_FOUND',
    );
    expect(await refusal(red.teams.getTeam({ name: 'teams/green' }))).toBe('NOT_FOUND NOT_FOUND');
    const { teams } = await platform.listTeams({});
    expect(teams.map(({ name }) => name)).toEqual([
      'teams/blue',
      'teams/green',
      'teams/platform',
      'teams/red',
    ]);
    expect((await red.teams.listTeams({})).teams.map(({ name }) => name)).toEqual(['teams/red']);
  });

  test('a paused team starts nothing', async () => {
    const platform = mesh.as('platform').teams;
    await platform.updateTeam({ team: { name: 'teams/blue', state: TeamState.PAUSED } });
    const generation = {
      project: 'projects/page-a',
      brief: { input: { case: 'prompt', value: 'an apple' } },
    } as const;
    expect(await refusal(blue.generations.createGeneration({ generation }))).toBe(
      'FAILED_PRECONDITION WRONG_STATE',
    );
    expect(await refusal(blue.projects.getProject({ name: 'projects/page-a' }))).toBe('OK');
    await platform.updateTeam({ team: { name: 'teams/blue', state: TeamState.ACTIVE } });
  });
});
