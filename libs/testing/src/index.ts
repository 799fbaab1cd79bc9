export { launchTestMesh, type TestMesh } from './mesh.ts';
export { describeWith, type Program, programs, searchPath } from './programs.ts';
export { startRedis, type TestRedis } from './redis.ts';
