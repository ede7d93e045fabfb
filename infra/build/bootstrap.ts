import { App, Stack } from 'aws-cdk-lib';
import { refuseWithoutLayer } from '../stack/secrets-layer.ts';
import { runCommand } from './command.ts';

/**
 * The CDK app of `npm run bootstrap`. To prepare an account, CDK asks an app only for the account and the region of its stacks, so
 * this one needs no settings. Its stack is never deployed.
 */
await runCommand(() => {
  refuseWithoutLayer(process.env['CDK_DEFAULT_REGION']);
  const app = new App({ autoSynth: false, analyticsReporting: false });
  new Stack(app, 'OnlyToBootstrap');
  app.synth();
  return Promise.resolve();
});
