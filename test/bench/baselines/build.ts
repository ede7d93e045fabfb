import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLING } from '#infra/build/bundles.ts';
import { context, event } from '../asked.ts';
import type { Handler, Site } from '../site.ts';

const CUSTOMERS = 200;

/** Bundles the baselines as most people do: minified, and nothing else; answers where they are. */
export const buildBaselines = async ({ folder }: Site) => {
  const outdir = join(folder, 'baselines');
  await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: ['empty.ts', 'plain-mongoose.ts'],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    logLevel: 'silent',
    external: BUNDLING.external,
  });
  return { empty: join(outdir, 'empty.cjs'), plain: join(outdir, 'plain-mongoose.cjs') };
};

/** Plain Mongoose handlers on a database of their own, with customers. */
export const loadPlain = async (site: Site, body: () => string) => {
  const { plain } = await buildBaselines(site);
  process.env['MONGODB_URI'] = site.uriOf('plain');
  const { prepare, create, get, find } = createRequire(import.meta.url)(plain) as Record<
    'prepare' | 'create' | 'get' | 'find',
    Handler
  >;
  await prepare({}, context);
  const ids: string[] = [];
  while (ids.length < CUSTOMERS)
    ids.push(JSON.parse((await create(event({ body: body() }), context)).body)._id);
  const calls = {
    get: () => get(event({ pathParameters: { id: ids[0] } }), context),
    page: () => find(event({}), context),
    create: () => create(event({ body: body() }), context),
  };
  return { calls, ids };
};
