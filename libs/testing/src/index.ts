export { startDns, type TestDns } from './dns-server.ts';
export { type JudgeLine, type JudgeSays, judgeLines, judgeReply } from './judge-script.ts';
export { startLanguageServer } from './language-servers/language-server.ts';
export type {
  LanguageProtocol,
  LanguageServer,
  LanguageServerOptions,
  ScriptedReply,
  SeenAsk,
  SeenImage,
} from './language-servers/script.ts';
export { launchTestMesh, type TestMesh, type TestMeshOptions } from './mesh.ts';
export { describeWith, type Program, programs, searchPath } from './programs.ts';
export { startRedis, type TestRedis } from './redis.ts';
export { describeWithSpec } from './vendor-specs.ts';
