/** One row of the house's table: what the files of a room may import beside the files of their own folder. */
export type Room = Readonly<{
  files: string;
  /** Globs of files from the project's root, and of packages. */
  mayImport: readonly string[];
  /** Only as `import type`. */
  mayImportTypes?: readonly string[];
  /** Not even though `mayImport` names it. */
  mayNotImport?: readonly string[];
  /** What to do instead, said to whoever breaks the rule. */
  otherwise: string;
}>;

const DOMAIN = 'lib/domain/**';
const CONTRACT_WORDS = ['lib/contract/**', DOMAIN, 'zod'];
const NODE = ['node:*', 'node:*/*'];
/** Models, and what guards them, stay in the store: from outside there is no query but the store's own. */
const INSIDE_THE_STORE = ['lib/store/models/**', 'lib/store/isolation/**'];

/** The closed list of who may import whom: what is not named is forbidden. A later row outdoes an earlier one. */
export const ROOMS: readonly Room[] = [
  {
    files: 'lib/domain/**/*.ts',
    mayImport: [DOMAIN],
    otherwise: 'The domain knows the domain only: take what it needs from outside as a parameter.',
  },
  {
    files: 'lib/domain/phone.ts',
    mayImport: [DOMAIN, 'libphonenumber-js/max'],
    otherwise: 'The domain knows the domain only: take what it needs from outside as a parameter.',
  },
  {
    files: 'lib/contract/**/*.ts',
    mayImport: CONTRACT_WORDS,
    otherwise:
      'A contract is data: it may speak of the domain, in zod; what acts belongs to lib/http or a use case.',
  },
  {
    files: 'lib/privacy/**/*.ts',
    mayImport: ['lib/privacy/**', DOMAIN, 'node:crypto'],
    otherwise: 'Privacy turns values into what may be stored: reading and writing them is the store’s part.',
  },
  {
    files: 'lib/store/**/*.ts',
    mayImport: ['lib/store/**', 'lib/privacy/**', 'lib/runtime/**', DOMAIN, 'mongoose'],
    otherwise:
      'The store knows customers and the database: the words of the API stay in lib/contract and lib/http.',
  },
  {
    files: 'lib/http/**/*.ts',
    mayImport: ['lib/**', 'zod', '@middy/core', 'node:zlib'],
    mayImportTypes: ['aws-lambda'],
    mayNotImport: INSIDE_THE_STORE,
    otherwise: 'The pipeline serves any use case: what one of them needs is handed in by its handler.',
  },
  {
    files: 'lib/runtime/**/*.ts',
    mayImport: ['lib/runtime/**', 'lib/domain/errors.ts', '@aws-lambda-powertools/**', ...NODE],
    otherwise: 'The runtime knows the platform and nothing of customers: move what does to its own room.',
  },
  {
    files: 'functions/*/*.ts',
    mayImport: CONTRACT_WORDS,
    mayImportTypes: ['lib/**'],
    mayNotImport: INSIDE_THE_STORE,
    otherwise:
      'Steps get their ports from the handler, as parameters; what two use cases share sinks into lib.',
  },
  {
    files: 'functions/*/contract.ts',
    mayImport: CONTRACT_WORDS,
    otherwise: 'A contract is data: it may speak of the domain, in zod, and of nothing that acts.',
  },
  {
    files: 'functions/*/handler.ts',
    mayImport: ['lib/**', ...NODE],
    mayNotImport: INSIDE_THE_STORE,
    otherwise: 'A handler hands the ports of lib to its own steps; another use case is another Lambda.',
  },
  {
    files: 'functions/contracts.ts',
    mayImport: ['functions/*/contract.ts', 'lib/contract/**'],
    otherwise: 'The list holds contracts only: infra reads it and must never load what acts.',
  },
  {
    files: 'infra/**/*.ts',
    mayImport: [
      ...NODE,
      'infra/**',
      'functions/contracts.ts',
      'lib/contract/**',
      'cdk.json',
      'aws-cdk-lib',
      'aws-cdk-lib/**',
      'constructs',
      'cdk-nag',
      'esbuild',
      'zod',
      'zod-openapi',
    ],
    otherwise:
      'Infrastructure is made from the contracts: it never loads a handler or the rooms of lib that act.',
  },
  {
    files: 'infra/lint/**/*.ts',
    mayImport: [...NODE, 'infra/lint/**', 'eslint'],
    otherwise: 'The house’s own lint rules know file names only.',
  },
  {
    files: 'infra/shims/**/*.ts',
    mayImport: [],
    otherwise: 'A shim goes into every bundle: it may lean on Node’s globals only.',
  },
  {
    files: 'infra/local/**/*.ts',
    mayImport: [
      ...NODE,
      'infra/local/**',
      'aws-jwt-verify',
      'aws-jwt-verify/*',
      'esbuild',
      'swagger-ui-dist',
    ],
    otherwise: 'The local gateway runs what was synthesized: it reads cdk.out and bundles, never sources.',
  },
  {
    files: 'infra/local/database/**/*.ts',
    mayImport: [...NODE, 'infra/local/database/**', 'bson', 'cli-progress', 'mongodb-memory-server', 'pg'],
    otherwise:
      'The embedded database stands alone: it knows MongoDB’s wire and nothing of customers or the gateway.',
  },
  {
    files: 'infra/ops/**/*.ts',
    mayImport: [...NODE, 'infra/ops/**', 'functions/**', 'lib/**', 'csv-parse'],
    mayImportTypes: ['zod'],
    mayNotImport: ['lib/http/**', 'functions/*/handler.ts', ...INSIDE_THE_STORE],
    otherwise:
      'The command line runs use cases with the store’s ports: it has no requests and no queries of its own.',
  },
];
