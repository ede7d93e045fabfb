// For programs that tests start; in the tests themselves watch-for-leaks.ts listens to everything.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/bench/'],
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/cdk.out/',
    '<rootDir>/.local/',
    '<rootDir>/.stryker-',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'cjs', 'js', 'json'],
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.mjs' },
  coverageProvider: 'v8',
  setupFilesAfterEnv: [
    '<rootDir>/test/support/watch-for-leaks.ts',
    '<rootDir>/test/support/wire/watch-every-test.ts',
  ],
  globalSetup: '<rootDir>/test/support/global-database.ts',
  globalTeardown: '<rootDir>/test/support/global-database-stop.ts',
  testTimeout: 60_000,
  maxWorkers: 2,
};
