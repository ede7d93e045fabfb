import { buildFunctions } from './build.ts';
import { SettingError } from './stages.ts';
import { synthesize } from './synthesize.ts';

/** The CDK app of cdk.json: bundles every function, then writes the cloud assembly where the caller wants it. */
try {
  await buildFunctions();
  synthesize();
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
