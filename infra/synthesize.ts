import { join, resolve } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import cdk from '../cdk.json' with { type: 'json' };
import { CustomerStack } from './customer-stack.ts';

const ROOT = resolve(import.meta.dirname, '..');

export type Synthesis = Readonly<{
  /** Where the assembly goes; the CDK command line says so itself, otherwise `cdk.out`. */
  outdir?: string;
  /** Settings, in place of the CDK command line's `-c name=value`. */
  context?: Readonly<Record<string, string>>;
  /** Where `buildFunctions` put the bundles. */
  bundles?: string;
}>;

/** The app with its one stack, checked by cdk-nag's rules when it is synthesized. */
export const makeApp = ({ outdir, context = {}, bundles = join(ROOT, 'dist') }: Synthesis = {}) => {
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    // The command line hands the flags of cdk.json over itself; the same ones must hold without it.
    context: { ...cdk.context, ...context },
    analyticsReporting: false,
    // Or an app that failed half-way writes half an assembly when the process ends.
    autoSynth: false,
  });
  const stack = new CustomerStack(app, 'CustomerManagement', { bundles });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return { app, stack };
};

/**
 * Writes the cloud assembly from bundles that are there already; needs no network.
 * @throws Error when a setting is missing or a rule is broken
 */
export const synthesize = (synthesis: Synthesis = {}): CloudAssembly => makeApp(synthesis).app.synth();
