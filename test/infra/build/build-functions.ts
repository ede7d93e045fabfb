import { buildFunctions } from '#infra/build/bundles.ts';

/** Builds into the folder that it is given, for bundles.test.ts: esbuild does not run inside of Jest. */
await buildFunctions({ outdir: process.argv[2] ?? '' });
