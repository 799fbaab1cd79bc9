export default {
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/{libs,services}/*/{src,tests}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '/\\.atelier/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/strip-types.mjs' },
  testEnvironment: 'node',
  testTimeout: 60_000,
  maxWorkers: 2,
};
