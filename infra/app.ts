import { App } from 'aws-cdk-lib';
import { buildFunctions } from './build.ts';
import { runCommand } from './command.ts';
import { stageSettings } from './stages.ts';
import { synthesize } from './synthesize.ts';

/** The CDK app of cdk.json: bundles every function, then writes the cloud assembly where the caller wants it. */
await runCommand(async () => {
  // What the CDK command line was given, before there is anything to make a stack of.
  const { codeCache } = stageSettings(new App({ autoSynth: false }).node);
  await buildFunctions({ codeCache: codeCache === 'on' });
  synthesize();
});
