import { join, resolve } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { contracts as allContracts } from '#functions/contracts.ts';
import type { Contract } from '#lib/contract/contract.ts';
import cdk from '../../cdk.json' with { type: 'json' };
import { CustomerStack } from '../stack/customer-stack.ts';
import { WatchStack } from '../stack/watch-stack.ts';
import { WorkStack } from '../stack/work-stack.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export type Synthesis = Readonly<{
  /** Where to write the assembly. The CDK command line sets it; the default is `cdk.out`. */
  outdir?: string;
  /** Settings, as the CDK command line gives them with `-c name=value`. */
  context?: Readonly<Record<string, string>>;
  /** Where `buildFunctions` put the bundles. */
  bundles?: string;
  /** Every use case, unless told otherwise. */
  contracts?: readonly Contract[];
}>;

/** The app with its three stacks, all checked by cdk-nag's rules when it is synthesized. */
export const makeApp = ({
  outdir,
  context = {},
  bundles = join(ROOT, 'dist'),
  contracts = allContracts,
}: Synthesis = {}) => {
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    // The CDK command line passes the flags of cdk.json; without it they must apply too.
    context: { ...cdk.context, ...context },
    analyticsReporting: false,
    // Otherwise an app that fails half-way writes half an assembly when the process ends.
    autoSynth: false,
  });
  const main = new CustomerStack(app, 'CustomerManagement', { contracts, bundles });
  const work = new WorkStack(app, 'CustomerManagement-Work', main);
  const watch = new WatchStack(app, 'CustomerManagement-Watch', main);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return { app, stacks: { main, work, watch } };
};

/**
 * Writes the cloud assembly from existing bundles. Needs no network.
 * @throws Error when a setting is missing or a rule is broken
 */
export const synthesize = (synthesis: Synthesis = {}): CloudAssembly => makeApp(synthesis).app.synth();
