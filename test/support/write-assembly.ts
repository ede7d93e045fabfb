import { join } from 'node:path';
import { buildFunctions } from '#infra/build.ts';
import { EXAMPLE_SETTINGS } from '#infra/stages.ts';
import { synthesize } from '#infra/synthesize.ts';

/** Bundles and synthesizes into the folder of the first argument: in a process of its own, as CDK and jest slow each other. */
const [folder = ''] = process.argv.slice(2);
const bundles = join(folder, 'dist');
await buildFunctions({ outdir: bundles });
synthesize({
  bundles,
  outdir: join(folder, 'cdk.out'),
  context: { ...EXAMPLE_SETTINGS, allowedOrigins: 'https://panel.example.com' },
});
