import { buildFunctions } from '#infra/build.ts';

/** Builds into the folder it is given and prints the metafile, for build.test.ts: esbuild does not run inside of Jest. */
process.stdout.write(JSON.stringify(await buildFunctions({ outdir: process.argv[2] ?? '' })));
