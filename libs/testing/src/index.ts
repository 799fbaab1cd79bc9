export { startDns, type TestDns } from './dns-server.ts';
export { launchTestMesh, type TestMesh, type TestMeshOptions } from './mesh.ts';
export { describeWith, type Program, programs, searchPath } from './programs.ts';
export { startRedis, type TestRedis } from './redis.ts';
