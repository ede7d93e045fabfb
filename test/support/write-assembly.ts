import { join } from 'node:path';
import { buildFunctions } from '#infra/build.ts';
import { EXAMPLE_SETTINGS } from '#infra/stages.ts';
import { synthesize } from '#infra/synthesize.ts';

/**
 * Bundles and synthesizes into the folder of the first argument: in a process of its own, as CDK and jest slow each
 * other. The second argument, settings as JSON, makes it another stage of bundles that are there already.
 */
const [folder = '', settings, name = 'cdk.out'] = process.argv.slice(2);
const bundles = join(folder, 'dist');
if (settings === undefined) await buildFunctions({ outdir: bundles });
// No test is to meet a limit unless it is about it.
const ample = { stageRequestsPerSecond: '9999999', stageBurst: '9999999' };
const unlimited = { ...ample, businessRequestsPerSecond: '1000000', businessBurst: '1000000' };
synthesize({
  bundles,
  outdir: join(folder, name),
  context: {
    ...EXAMPLE_SETTINGS,
    allowedOrigins: 'https://panel.example.com',
    ...unlimited,
    ...(settings !== undefined && JSON.parse(settings)),
  },
});
