import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from '@jest/globals';
import { METHOD_SCOPES, SCOPES, scopeOf } from './scopes.ts';

/** Read from the image of the contracts, so that a service that is added there is missed here. */
function publicMethods(): string[] {
  const path = createRequire(import.meta.url).resolve('@atelier/protos/descriptor-set.binpb');
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(path)));
  const inner = new Set(['PromptService', 'ImageGenerationService', 'DocumentService', 'RecordService']);
  return [...registry]
    .filter((desc) => desc.kind === 'service')
    .filter((service) => service.typeName.startsWith('atelier.') && !inner.has(service.name))
    .flatMap((service) => service.methods.map(({ name }) => `/${service.typeName}/${name}`));
}

describe('the table of scopes', () => {
  test('has every public method and no other', () => {
    const methods = publicMethods();
    expect(methods.length).toBeGreaterThan(70);
    expect([...METHOD_SCOPES.keys()].sort()).toEqual(methods.sort());
  });

  test('asks every method for scopes that exist', () => {
    for (const [method, scopes] of METHOD_SCOPES) {
      expect({ method, count: scopes.length }).not.toEqual({ method, count: 0 });
      for (const scope of scopes) expect(SCOPES).toContain(scope);
    }
  });

  test.each([
    '/atelier.provider.v1.CatalogService/RegisterModel',
    '/atelier.provider.v1.CatalogService/UpdateModelState',
    '/atelier.gateway.v1.TeamService/CreateTeam',
    '/atelier.storage.v1.AdminService/EraseData',
    '/atelier.storage.v1.AdminService/RebuildWarehouse',
  ])('%s is for administrators of the platform alone', (method) => {
    expect(METHOD_SCOPES.get(method)).toEqual(['platform-admin']);
  });

  test('a scope of the wire that this version does not know gives nothing', () => {
    expect(scopeOf(0)).toBeUndefined();
    expect(scopeOf(99 as never)).toBeUndefined();
  });
});
