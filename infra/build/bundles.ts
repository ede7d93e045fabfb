import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { contracts, folderOf } from '#functions/contracts.ts';
import { addCodeCache } from './code-cache/code-cache.ts';
import { openApiDocument } from './openapi.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Reached only by features that no function uses; the driver asks for them inside a try. */
const NEVER_LOADED = [
  '@aws-sdk/credential-providers',
  '@mongodb-js/zstd',
  'gcp-metadata',
  'kerberos',
  'mongodb-client-encryption',
  'snappy',
  'socks',
];

/** Leaves out zod's own sentences: clients receive those of lib/serve/request/violation-messages.ts. */
const withoutZodSentences: Plugin = {
  name: 'without-zod-sentences',
  setup: (bundling) => {
    const path = join(ROOT, 'infra/build/shims/zod-locale.ts');
    bundling.onResolve({ filter: /\/locales\/en\.js$/ }, ({ importer }) =>
      importer.includes('/node_modules/zod/') ? { path } : undefined,
    );
  },
};

/** Leaves out the driver's own encryption of fields. */
const withoutDriverEncryption: Plugin = {
  name: 'without-driver-encryption',
  setup: (bundling) => {
    const path = join(ROOT, 'infra/build/shims/client-side-encryption.ts');
    bundling.onResolve(
      { filter: /^\.\/client-side-encryption\/(auto_encrypter|client_encryption)$/ },
      ({ importer }) => (importer.includes('/node_modules/mongodb/lib/') ? { path } : undefined),
    );
  },
};

/** Leaves of the descriptions of the driver and of mongoose what they read of them: without it, 13 KB of each bundle are lists of tools. */
const withoutPackageLists: Plugin = {
  name: 'without-package-lists',
  setup: (bundling) => {
    bundling.onLoad({ filter: /\/node_modules\/(mongodb|mongoose)\/package\.json$/ }, async ({ path }) => {
      const list = await readFile(path, 'utf8');
      return { contents: JSON.stringify(JSON.parse(list), ['name', 'version']), loader: 'json' };
    });
  },
};

/**
 * How esbuild makes a function of its sources. It writes all in ASCII but what stands in regular expressions and raw
 * templates, and for a single other character Node keeps two bytes for each one of the file: reading it takes a third
 * longer then. So a pattern with such characters is made of a text; a test looks at each bundle.
 */
export const BUNDLING = {
  absWorkingDir: ROOT,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  // CommonJS without mangled names: V8 then compiles each module only when it is asked for, and stacks stay readable.
  format: 'cjs',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  external: NEVER_LOADED,
  alias: {
    '@mongodb-js/saslprep': './infra/build/shims/saslprep.ts',
    'whatwg-url': './infra/build/shims/whatwg-url.ts',
  },
  plugins: [withoutZodSentences, withoutDriverEncryption, withoutPackageLists],
  logLevel: 'silent',
} satisfies BuildOptions;

/** Bundles some use cases, each into `<outdir>/<name>/index.cjs`, in one call of esbuild. */
export const bundle = (
  names: readonly string[],
  options: Pick<BuildOptions, 'outdir' | 'sourcemap' | 'sourcesContent'>,
) =>
  build({
    ...BUNDLING,
    ...options,
    entryPoints: names.map((name) => ({ in: `${folderOf(name)}/handler.ts`, out: `${name}/index` })),
    metafile: true,
  });

/**
 * Bundles every use case into `<outdir>/<name>/index.cjs`, all in one call of esbuild, and puts the OpenAPI document
 * beside the bundles that need it. The metafile goes to `<outdir>/meta.json`.
 * @param settings.codeCache whether what V8 makes of each bundle is shipped with it
 * @throws Error on anything that esbuild warns of: a vanished import is a missing feature
 */
export const buildFunctions = async ({
  outdir = join(ROOT, 'dist'),
  codeCache = false,
} = {}): Promise<Metafile> => {
  await rm(outdir, { recursive: true, force: true });
  await Promise.all(contracts.map(({ name }) => requireHandler(name)));
  const { warnings, metafile } = await bundle(
    contracts.map(({ name }) => name),
    { outdir },
  );
  if (warnings.length > 0) throw new Error(`esbuild warns:\n${warnings.map(({ text }) => text).join('\n')}`);
  await writeFile(join(outdir, 'meta.json'), JSON.stringify(metafile));
  await writeDocuments(outdir);
  if (codeCache) for (const { name } of contracts) await addCodeCache(join(outdir, name));
  return metafile;
};

const requireHandler = async (name: string): Promise<void> => {
  const path = `${folderOf(name)}/handler.ts`;
  await access(join(ROOT, path)).catch(() => {
    throw new Error(`${path} is missing: functions/contracts.ts lists the use case.`);
  });
};

const writeDocuments = async (outdir: string): Promise<void> => {
  const document = JSON.stringify(openApiDocument(contracts));
  for (const { name, needs } of contracts) {
    if (!needs.includes('openapi-document')) continue;
    await mkdir(join(outdir, name), { recursive: true });
    await writeFile(join(outdir, name, 'openapi.json'), document);
  }
};
