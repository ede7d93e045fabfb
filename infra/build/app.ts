import { App } from 'aws-cdk-lib';
import { buildFunctions } from './bundles.ts';
import { runCommand } from './command.ts';
import { refuseWithoutLayer } from '../stack/secrets-layer.ts';
import { stageSettings } from '../stack/stage-settings.ts';
import { synthesize } from './synthesize.ts';

/** The CDK app of cdk.json: bundles every function, then writes the cloud assembly with all three stacks. */
await runCommand(async () => {
  // The settings are read before the stacks are made, because they decide how to bundle.
  const { codeCache } = stageSettings(new App({ autoSynth: false }).node);
  // The CDK command line says where it would deploy to.
  refuseWithoutLayer(process.env['CDK_DEFAULT_REGION']);
  await buildFunctions({ codeCache: codeCache === 'on' });
  synthesize();
});
