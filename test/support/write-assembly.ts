import { join } from 'node:path';
import { buildFunctions } from '#infra/build/bundles.ts';
import { EXAMPLE_SETTINGS } from '#infra/stack/stage-settings.ts';
import { synthesize } from '#infra/build/synthesize.ts';

/**
 * Bundles and synthesizes into the folder of the first argument. It runs in a process of its own, because CDK and Jest
 * slow each other down. The second argument, settings as JSON, makes another stage from existing bundles.
 */
const [folder = '', settings, name = 'cdk.out'] = process.argv.slice(2);
const bundles = join(folder, 'dist');
if (settings === undefined) await buildFunctions({ outdir: bundles });
// CDK's validation of the templates takes five seconds; the tests of the rules have it made.
process.env['CDK_VALIDATION'] = 'false';
// No test meets a limit unless it tests the limit.
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
