import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { BUNDLING } from '#infra/build/bundles.ts';
import { event } from '../asked.ts';
import { type ColdSubject, coldMedians } from '../cold.ts';
import { compared, type Row } from '../figures.ts';
import { oursOn } from '../ours.ts';
import type { Site } from '../site.ts';
import { startStandInExtension } from '../stand-in-extension.ts';

/** Choices of the build, each the other way; everything else stays as it is shipped. */
const OTHERWISE: Readonly<Record<string, BuildOptions>> = {
  'with mangled names': { minifyIdentifiers: true },
  'not minified': { minifyWhitespace: false, minifySyntax: false },
  'without shims': { alias: {} },
};

const bundleWith = async (options: BuildOptions, folder: string): Promise<string> => {
  const outdir = join(folder, 'get-customer');
  await build({
    ...BUNDLING,
    entryPoints: [{ in: 'functions/customers/get-customer/handler.ts', out: 'index' }],
    outdir,
    ...options,
  });
  return join(outdir, 'index.cjs');
};

/**
 * What each choice of the build does to the cold start of `get-customer`, what a compile cache would do, and what it costs
 * to ask for the secrets as on Lambda.
 */
export const leverRows = async (site: Site, rounds: number): Promise<Row[]> => {
  const uri = site.uriOf('ours-levers');
  const { ids } = await oursOn(site, uri);
  const input = event({ pathParameters: { id: ids[0] } });
  const shipped: ColdSubject = {
    name: 'shipped',
    bundle: site.bundleOf('get-customer'),
    export: 'handler',
    event: input,
    uri,
  };
  const others = Object.entries(OTHERWISE).map(async ([name, options], index) => {
    return { ...shipped, name, bundle: await bundleWith(options, join(site.folder, `lever-${index}`)) };
  });
  const cached: ColdSubject = {
    ...shipped,
    name: 'with a compile cache',
    environment: { NODE_COMPILE_CACHE: join(site.folder, 'compile-cache') },
  };
  const extension = await startStandInExtension(uri);
  const asking: ColdSubject = {
    ...shipped,
    name: 'with secrets of the extension',
    environment: extension.environment,
  };
  const medians = await coldMedians([shipped, cached, asking, ...(await Promise.all(others))], rounds);
  extension.stop();
  const asShipped = medians.get('shipped') ?? Number.NaN;
  return [...medians]
    .filter(([name]) => name !== 'shipped')
    .map(([name, taken]) => compared(`cold get ${name}`, [taken, asShipped], { against: 'as shipped' }));
};
