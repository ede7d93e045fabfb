/** One row of the house's table: what the files of a room may import beside the files of their own folder. */
export type Room = Readonly<{
  files: string;
  /** Globs of files from the project's root, and of packages. */
  mayImport: readonly string[];
  /** Only as `import type`. */
  mayImportTypes?: readonly string[];
  /** Not even though `mayImport` names it. */
  mayNotImport?: readonly string[];
  /** What to do instead: the end of the message when the rule is broken. */
  otherwise: string;
}>;

const DOMAIN = 'lib/domain/**';
const CONTRACT_WORDS = ['lib/contract/**', DOMAIN, 'zod'];
const AWS_SDK = ['@aws-sdk/**'];
const NODE = ['node:*', 'node:*/*'];

/**
 * The store's rooms, lowest floor first. A room imports rooms on lower floors only: never one above it, and never its
 * neighbour on the same floor.
 */
export const STORE_FLOORS: readonly (readonly string[])[] = [
  ['collections'],
  ['isolation'],
  ['database'],
  ['keys', 'business', 'callers', 'leases', 'migrations', 'retention'],
  ['histories', 'messages', 'consents'],
  ['customers'],
  ['duplicates', 'activity', 'rights'],
  ['lists', 'rotation'],
];

/** The collections and their guard stay in the store: outside it, there is no query but the store's own. */
const INSIDE_THE_STORE = ['lib/store/collections/**', 'lib/store/isolation/**'];

const storeRooms: readonly Room[] = STORE_FLOORS.flatMap((rooms, floor) => {
  const below = STORE_FLOORS.slice(0, floor).flat();
  return rooms.map((room) => ({
    files: `lib/store/${room}/**/*.ts`,
    mayImport: [
      `lib/store/${room}/**`,
      ...below.map((lower) => `lib/store/${lower}/**`),
      'lib/privacy/**',
      'lib/runtime/**',
      DOMAIN,
      'mongoose',
    ],
    otherwise: `lib/store/${room} is on floor ${String(floor + 1)} of the store: it may import lower floors, lib/domain, lib/privacy and lib/runtime.`,
  }));
});

const STEPS_OTHERWISE =
  'The steps of a use case get their ports from the handler, as parameters. What two use cases share moves down into lib.';

/** The pipeline; a file of it may import a package that the others may not. */
const serveRoom = (files: string, ...packages: readonly string[]): Room => ({
  files,
  mayImport: [
    'lib/serve/**',
    ...CONTRACT_WORDS,
    'lib/privacy/**',
    'lib/runtime/**',
    ...['database', 'keys', 'business', 'callers', 'messages'].map((room) => `lib/store/${room}/**`),
    '@middy/core',
    'node:crypto',
    'node:zlib',
    ...packages,
  ],
  mayImportTypes: ['aws-lambda'],
  otherwise: 'The pipeline serves every use case: a handler passes in what only one of them needs.',
});

/** The closed list of who may import whom: what is not named is forbidden. A later row overrides an earlier one. */
export const ROOMS: readonly Room[] = [
  {
    files: 'lib/domain/**/*.ts',
    mayImport: [DOMAIN],
    otherwise: 'The domain imports only the domain: take what it needs from outside as a parameter.',
  },
  {
    files: 'lib/domain/spelling/phone.ts',
    mayImport: [DOMAIN, 'libphonenumber-js/max'],
    otherwise: 'The domain imports only the domain: take what it needs from outside as a parameter.',
  },
  {
    files: 'lib/contract/**/*.ts',
    mayImport: CONTRACT_WORDS,
    otherwise:
      'A contract is data: it may use the domain and zod. Code that acts belongs in lib/serve or in a use case.',
  },
  {
    files: 'lib/privacy/**/*.ts',
    mayImport: ['lib/privacy/**', DOMAIN, 'node:crypto', 'node:zlib'],
    otherwise:
      'lib/privacy turns values into what may be stored. Reading and writing them is the store’s job.',
  },
  ...storeRooms,
  serveRoom('lib/serve/**/*.ts'),
  serveRoom('lib/serve/serve-queue.ts', '@aws-lambda-powertools/batch'),
  {
    files: 'lib/runtime/**/*.ts',
    mayImport: ['lib/runtime/**', 'lib/domain/errors.ts', '@aws-lambda-powertools/**', ...NODE],
    otherwise: 'The runtime knows the platform and nothing about customers: move what does to its own room.',
  },
  {
    files: 'lib/cloud/**/*.ts',
    mayImport: ['lib/cloud/**', 'lib/runtime/**', 'node:crypto', ...AWS_SDK],
    otherwise:
      'lib/cloud is the only room with the AWS SDK. It knows buckets and objects, and nothing about customers.',
  },
  {
    files: 'functions/*/*/*.ts',
    mayImport: CONTRACT_WORDS,
    mayImportTypes: ['lib/**'],
    mayNotImport: INSIDE_THE_STORE,
    otherwise: STEPS_OTHERWISE,
  },
  {
    files: 'functions/*/*/contract.ts',
    mayImport: CONTRACT_WORDS,
    otherwise: 'A contract is data: it may use the domain and zod, and nothing that acts.',
  },
  {
    files: 'functions/*/*/handler.ts',
    mayImport: ['lib/**', ...NODE],
    mayNotImport: INSIDE_THE_STORE,
    otherwise: 'A handler passes ports from lib to its own steps. Another use case is another Lambda.',
  },
  {
    files: 'functions/customers/apply-operations/apply-operations.ts',
    mayImport: [
      ...CONTRACT_WORDS,
      ...['create-customer', 'change-customer', 'delete-customer'].map(
        (name) => `functions/customers/${name}/${name}.ts`,
      ),
    ],
    mayImportTypes: ['lib/**'],
    mayNotImport: INSIDE_THE_STORE,
    otherwise:
      'A bulk is its operations: it may import the steps of create, change and delete, and no others.',
  },
  {
    files: 'functions/contracts.ts',
    mayImport: ['functions/*/*/contract.ts', 'lib/contract/**'],
    otherwise: 'The list holds contracts only: infra reads it and must never load code that acts.',
  },
  {
    files: 'infra/stack/**/*.ts',
    mayImport: [
      ...NODE,
      'infra/stack/**',
      'functions/contracts.ts',
      'lib/contract/**',
      'lib/domain/spelling/nearest-name.ts',
      'aws-cdk-lib',
      'aws-cdk-lib/**',
      'constructs',
    ],
    otherwise:
      'The stacks are made from the contracts: they never load a handler or a room of lib that acts.',
  },
  {
    files: 'infra/build/**/*.ts',
    mayImport: [
      ...NODE,
      'infra/build/**',
      'infra/docs/**',
      'infra/stack/**',
      'functions/contracts.ts',
      'lib/contract/**',
      'lib/domain/access/scope.ts',
      'lib/domain/messages/**',
      'cdk.json',
      'package.json',
      'aws-cdk-lib',
      'aws-cdk-lib/**',
      'cdk-nag',
      'esbuild',
      'libphonenumber-js/metadata.max',
      'zod',
      'zod-openapi',
    ],
    otherwise:
      'The build is made from the contracts: it bundles handlers and never loads one, nor a room of lib that acts.',
  },
  {
    files: 'infra/build/shims/**/*.ts',
    mayImport: [],
    otherwise: 'A shim goes into every bundle: it may use only Node’s globals.',
  },
  {
    files: 'infra/docs/**/*.ts',
    mayImport: [...NODE, 'infra/docs/**'],
    otherwise:
      'The docs page is files for a browser: the gateway serves them, and the build writes them with the contract.',
  },
  {
    files: 'infra/dev/**/*.ts',
    mayImport: [...NODE, 'infra/dev/**', 'eslint'],
    otherwise: 'The developers’ tools know file names only.',
  },
  {
    files: 'infra/local/**/*.ts',
    mayImport: [...NODE, 'infra/local/**', 'infra/docs/**', 'aws-jwt-verify', 'aws-jwt-verify/*', 'esbuild'],
    otherwise: 'The local gateway runs what was synthesized: it reads cdk.out and bundles, never sources.',
  },
  {
    files: 'infra/local/database/**/*.ts',
    mayImport: [
      ...NODE,
      'infra/local/database/**',
      'infra/mongodb/**',
      'bson',
      'cli-progress',
      'mongodb-memory-server',
      'pg',
    ],
    otherwise:
      'The embedded database stands alone: it knows MongoDB’s wire protocol and nothing about customers or the gateway.',
  },
  {
    files: 'infra/mongodb/**/*.ts',
    mayImport: [...NODE, 'infra/mongodb/**', 'lib/store/database/safe-transport.ts', 'mongodb'],
    otherwise:
      'The check of MONGODB_URI knows the driver and the rule of safe connections, and nothing about customers or this machine.',
  },
  {
    files: 'infra/ops/**/*.ts',
    mayImport: [
      ...NODE,
      'infra/ops/**',
      'infra/mongodb/**',
      'functions/**',
      'lib/**',
      'csv-parse',
      'chardet',
    ],
    mayImportTypes: ['zod'],
    mayNotImport: ['lib/serve/**', 'functions/*/*/handler.ts', ...INSIDE_THE_STORE],
    otherwise:
      'The command line runs use cases with the store’s ports: it has no requests and no queries of its own.',
  },
];
