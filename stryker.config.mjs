import { fileURLToPath } from 'node:url';

// test/mutants/run.ts starts this for one source file after the other, and says which tests it must not pass.
const JEST_RUNNER = './test/mutants/stryker/node_modules/@stryker-mutator/jest-runner/dist/src/index.js';

/** What jest.config.mjs sets up for tests that ask the service. */
const NO_SERVICE = { globalSetup: null, globalTeardown: null, setupFilesAfterEnv: [] };

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [process.env['MUTATED_FILE'] ?? ''],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  plugins: [JEST_RUNNER, './test/mutants/wording.mjs'].map((plugin) =>
    fileURLToPath(import.meta.resolve(plugin)),
  ),
  ignorers: ['wording'],
  coverageAnalysis: 'perTest',
  jest: {
    configFile: 'jest.config.mjs',
    config: {
      testMatch: (process.env['MUTANTS_TESTS'] ?? '').split(' ').map((test) => `<rootDir>/${test}`),
      ...(process.env['MUTANTS_ASK_SERVICE'] === 'false' && NO_SERVICE),
    },
    enableFindRelatedTests: false,
  },
  ignorePatterns: ['/dist', '/cdk.out', '/.local', '/.stryker-*', '/test/mutants/stryker/node_modules'],
  tempDirName: process.env['MUTANTS_FOLDER'] ?? '.stryker-run',
  reporters: ['json'],
  jsonReporter: { fileName: `${process.env['MUTANTS_FOLDER'] ?? '.stryker-run'}/report.json` },
  allowEmpty: true,
  concurrency: 1,
  timeoutMS: 30_000,
  warnings: false,
  logLevel: 'error',
};
