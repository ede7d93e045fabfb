import { App } from 'aws-cdk-lib';
import { buildFunctions } from './bundles.ts';
import { runCommand } from './command.ts';
import { refuseWithoutLayer } from '../stack/secrets-layer.ts';
import { stageSettings } from '../stack/stage-settings.ts';
import { synthesize } from './synthesize.ts';

/**
 * The CDK app of cdk.json: bundles every function, then writes the cloud assembly with all three stacks. `BUNDLES_DIR` names
 * another folder for the bundles than `dist`.
 */
const { BUNDLES_DIR } = process.env;

await runCommand(async () => {
  // The settings are read before the stacks are made, because they decide how to bundle.
  const { codeCache } = stageSettings(new App({ autoSynth: false }).node);
  // The CDK command line says where it would deploy to.
  refuseWithoutLayer(process.env['CDK_DEFAULT_REGION']);
  await buildFunctions({
    codeCache: codeCache === 'on',
    ...(BUNDLES_DIR !== undefined && { outdir: BUNDLES_DIR }),
  });
  synthesize(BUNDLES_DIR === undefined ? {} : { bundles: BUNDLES_DIR });
});
