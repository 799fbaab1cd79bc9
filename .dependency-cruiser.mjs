// The rule of dependence: who may import whom. `libs/testing/tests/dependence.test.ts` plants a violation of every rule
// and shows that it is found.

const service = '^services/([^/]+)/';
/** Folders of plain functions and types: no gRPC, no vendor SDK, no clock of their own, no knowledge of handlers. */
const domain =
  '^services/(gateway/src/cycle|evaluator/src/(scoring|checks|pixels|draft)|prompt-template/src/(template|refine|text|expand)|provider-adapter/src/(parameters|pricing)|provider-adapter/src/providers/studio/(parse|scene|draw))/';

export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or want a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-service-to-service',
      comment: 'Services share nothing but the contracts and the small libraries.',
      severity: 'error',
      from: { path: `${service}src/`, pathNot: '\\.test\\.ts$' },
      to: { path: service, pathNot: '^services/$1/' },
    },
    {
      name: 'no-library-to-service',
      comment: 'Only what starts services for tests and measurements may import them.',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/(testing|bench)/|/tests/' },
      to: { path: '^services/' },
    },
    {
      name: 'foundations-stand-alone',
      comment: 'protos, config and observability import nothing of ours.',
      severity: 'error',
      from: { path: '^libs/(protos|config|observability)/' },
      to: { path: '^(libs|services)/', pathNot: '^libs/(protos|config|observability)/' },
    },
    {
      name: 'rpc-on-foundations-only',
      comment: 'The RPC layer knows the foundations and nothing of what runs on it.',
      severity: 'error',
      from: { path: '^libs/rpc/src/' },
      to: { path: '^(libs|services)/', pathNot: '^libs/(rpc|protos|config|observability)/' },
    },
    {
      name: 'testing-is-for-tests',
      comment: 'Nothing that is shipped imports what exists for tests and measurements.',
      severity: 'error',
      from: { path: '^(libs|services)/[^/]+/src/', pathNot: '^libs/(testing|bench)/|\\.test\\.ts$' },
      to: { path: '^libs/(testing|bench)/' },
    },
    {
      name: 'domain-is-plain',
      comment: 'Domain folders know no gRPC, no vendor SDK and no handlers.',
      severity: 'error',
      from: { path: domain, pathNot: '\\.test\\.ts$' },
      to: {
        path: '(^|/)(@grpc/|@connectrpc/|@duckdb/|ioredis|@aws-sdk/)|/src/(handlers|context\\.ts|service\\.ts|main\\.ts)',
      },
    },
    {
      name: 'handlers-are-leaves',
      comment: 'Handlers are wired in by the context or the service; nothing else imports them.',
      severity: 'error',
      from: { path: `${service}src/(?!handlers/|context|service)`, pathNot: '\\.test\\.ts$' },
      to: { path: '^services/$1/src/handlers/' },
    },
    {
      name: 'main-is-an-end',
      comment: 'Nothing imports a main.',
      severity: 'error',
      from: {},
      to: { path: '/src/main\\.ts$' },
    },
    {
      name: 'warehouse-sdk-in-one-folder',
      comment: 'The SDK of a vendor is imported in one folder.',
      severity: 'error',
      from: { path: '^services/', pathNot: '^services/storage/(src/warehouse|tests)/' },
      to: { path: '@duckdb/' },
    },
    {
      name: 'replicate-sdk-in-one-folder',
      comment: 'The SDK of a vendor is imported in one folder of whoever asks it: for images, and for words.',
      severity: 'error',
      from: {
        path: '^(libs|services)/',
        pathNot:
          '^services/provider-adapter/(src/providers|tests/vendors)/replicate/|^libs/language-models/src/drivers/',
      },
      to: { path: 'node_modules/replicate/' },
    },
    {
      name: 'aws-signatures-in-one-folder',
      comment: 'The SDK of a vendor is imported in one folder.',
      severity: 'error',
      from: {
        path: '^services/',
        pathNot: '^services/provider-adapter/(src/providers|tests/vendors)/bedrock/',
      },
      to: { path: '@smithy/signature-v4|@aws-crypto/' },
    },
    {
      name: 'language-model-sdks-in-one-folder',
      comment: 'The SDKs of vendors are imported in one folder; everything else knows the port.',
      severity: 'error',
      from: { path: '^(libs|services)/', pathNot: '^libs/language-models/src/drivers/' },
      to: { path: 'node_modules/(ai|@ai-sdk/[^/]+)/' },
    },
    {
      name: 'redis-behind-ports',
      comment: 'Redis is an adapter of ports: whoever uses a port does not know where things are kept.',
      severity: 'error',
      from: {
        path: '^(libs|services)/[^/]+/src/',
        pathNot: '^libs/coordination/|/src/(submit/journal|evaluation/kept)/',
      },
      to: { path: 'node_modules/(ioredis|rate-limiter-flexible)/' },
    },
    {
      name: 'generator-knows-no-judge',
      comment: 'Nothing passes between what draws an image and what judges it but the image.',
      severity: 'error',
      from: { path: '^services/(provider-adapter|prompt-template)/' },
      to: { path: '^services/evaluator/' },
    },
    {
      name: 'judge-knows-no-generator',
      comment: 'Nothing passes between what draws an image and what judges it but the image.',
      severity: 'error',
      from: { path: '^services/evaluator/' },
      to: { path: '^services/(provider-adapter|prompt-template)/' },
    },
    {
      name: 'not-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|libs/rpc/tests/gen/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
