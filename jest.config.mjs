import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// V8's cache of compiled code keeps every finished test file in memory with all its modules, 50 MB each. A worker grew to
// 1.5 GB, and every second file paid a garbage collection of seconds. Workers take over this process's flags.
setFlagsFromString('--no-compilation-cache');
process.execArgv.push('--no-compilation-cache');

// For programs that tests start; in the tests themselves watch-for-leaks.ts listens to everything.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';
// They load the same modules again and again: Node keeps what it made of each, without its types and compiled.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

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
