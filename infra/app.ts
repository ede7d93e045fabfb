import { buildFunctions } from './build.ts';
import { runCommand } from './command.ts';
import { synthesize } from './synthesize.ts';

/** The CDK app of cdk.json: bundles every function, then writes the cloud assembly where the caller wants it. */
await runCommand(async () => {
  await buildFunctions();
  synthesize();
});
