import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { build } from 'esbuild';
import { BUNDLING } from '#infra/build/bundles.ts';
import { makeApp } from '#infra/build/synthesize.ts';
import { EXAMPLE_SETTINGS } from '#infra/stack/stage-settings.ts';
import { moveObjects, seeNothing, writeLedger } from './contracts.ts';

/**
 * Bundles use cases that need buckets and synthesizes a service of them into the folder of the first argument: `usual` and
 * `flexible` with their templates and what the rules find. In a process of its own, because neither esbuild nor CDK runs well inside Jest.
 */

const [folder = ''] = process.argv.slice(2);
const contracts = [moveObjects, writeLedger, seeNothing];
const bundles = join(folder, 'dist');

const { metafile, warnings } = await build({
  ...BUNDLING,
  entryPoints: contracts.map(({ name }) => ({
    in: 'test/support/bucket-use-cases/handler.ts',
    out: `${name}/index`,
  })),
  outdir: bundles,
  metafile: true,
});
if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
writeFileSync(join(folder, 'meta.json'), JSON.stringify(metafile));

const stages = { usual: {}, flexible: { archiveTier: 'flexible', archiveLockDays: '90' } };
for (const [name, settings] of Object.entries(stages)) {
  const outdir = join(folder, name);
  const { app, stacks } = makeApp({
    context: { ...EXAMPLE_SETTINGS, ...settings },
    bundles,
    contracts,
    outdir,
  });
  const findings = [new AwsSolutionsChecks(app), new ServerlessChecks(app)].flatMap((pack) =>
    Object.values(stacks).flatMap((stack) =>
      pack
        .validateScope(stack)
        .violations.flatMap(({ ruleName, violatingResources }) =>
          violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath ?? ''}`),
        ),
    ),
  );
  const template: unknown = app.synth().getStackByName(stacks.main.stackName).template;
  const report: unknown = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ template, findings, report }));
}
