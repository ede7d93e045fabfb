import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { contracts } from '#functions/contracts.ts';
import { makeApp } from '#infra/synthesize.ts';

/**
 * Prints what a synthesis makes, for the tests of the template: CDK is slow to load inside of Jest.
 * The bundles are empty: what the template says does not depend on what is in them.
 */

const folder = mkdtempSync(join(tmpdir(), 'synthesis-'));
for (const { name } of contracts) {
  mkdirSync(join(folder, 'bundles', name), { recursive: true });
  writeFileSync(join(folder, 'bundles', name, 'index.cjs'), '');
}

const { app, stack } = makeApp({
  context: JSON.parse(process.argv[2] ?? '{}'),
  bundles: join(folder, 'bundles'),
  outdir: join(folder, 'out'),
});

const acknowledged = stack.node.findAll().flatMap((construct) =>
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

const packs = (): NagPack[] => [new AwsSolutionsChecks(app), new ServerlessChecks(app)];
const deaf = packs().map((pack) => Object.assign(pack, { isAcknowledged: () => false }));

const findings = packs().flatMap((pack) => findingsOf(pack, stack));
const findingsBeforeAcknowledgement = deaf.flatMap((pack) => findingsOf(pack, stack));

const assembly = app.synth();
const template: unknown = assembly.getStackByName(stack.stackName).template;
const report: unknown = JSON.parse(readFileSync(join(folder, 'out', 'validation-report.json'), 'utf8'));
rmSync(folder, { recursive: true });
process.stdout.write(
  JSON.stringify({ template, report, acknowledged, findings, findingsBeforeAcknowledgement }),
);
