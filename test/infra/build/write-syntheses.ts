import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { contracts } from '#functions/contracts.ts';
import { makeApp } from '#infra/build/synthesize.ts';

/**
 * Writes what a synthesis of each stage makes into the folder of the first argument; the second names the stages with their
 * settings, as JSON. It runs in a process of its own, because CDK is slow inside Jest, and one process makes all stages,
 * because CloudFormation's validation takes three seconds to load. The bundles are empty: what a template says does not
 * depend on what is in them.
 */

type Context = Readonly<Record<string, string>>;

const [folder = '', settings = '{}'] = process.argv.slice(2);
const stages: Readonly<Record<string, Context>> = JSON.parse(settings);
const bundles = join(folder, 'bundles');
for (const { name } of contracts) {
  mkdirSync(join(bundles, name), { recursive: true });
  writeFileSync(join(bundles, name, 'index.cjs'), '');
}

const acknowledgedIn = (root: IConstruct) =>
  root.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<string>(data))
      .map(([rule, reason]) => ({
        rule: rule.replace(/^annotation::/i, ''),
        path: construct.node.path,
        reason,
      })),
  );

/** Everything the rules find, each as `rule path`. */
const findingsOf = (pack: NagPack, root: IConstruct): string[] =>
  pack
    .validateScope(root)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath ?? ''}`),
    );

const synthesized = (stage: string, context: Context) => {
  const outdir = join(folder, `${stage}.out`);
  const { app, stacks } = makeApp({ context, bundles, outdir });
  const packs = (): NagPack[] => [new AwsSolutionsChecks(app), new ServerlessChecks(app)];
  const deaf = packs().map((pack) => Object.assign(pack, { isAcknowledged: () => false }));
  const foundBy = (some: readonly NagPack[]): string[] =>
    some.flatMap((pack) => Object.values(stacks).flatMap((stack) => findingsOf(pack, stack)));
  const acknowledged = acknowledgedIn(app);
  const findings = foundBy(packs());
  const findingsBeforeAcknowledgement = foundBy(deaf);
  const assembly = app.synth();
  const templates = Object.fromEntries(
    Object.entries(stacks).map(([name, { stackName }]): [string, unknown] => [
      name,
      assembly.getStackByName(stackName).template,
    ]),
  );
  const report: unknown = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  return { templates, report, acknowledged, findings, findingsBeforeAcknowledgement };
};

for (const [stage, context] of Object.entries(stages))
  writeFileSync(join(folder, `${stage}.json`), JSON.stringify(synthesized(stage, context)));
