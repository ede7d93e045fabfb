import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLING } from '#infra/build/bundles.ts';
import { makeApp } from '#infra/build/synthesize.ts';
import { EXAMPLE_SETTINGS } from '#infra/stack/stage-settings.ts';
import { hearOrders, tellNobody, tellOthers } from './contracts.ts';

/**
 * Bundles use cases around a bus and synthesizes a service of them into the folder of the first argument. In a process of its own,
 * because neither esbuild nor CDK runs well inside Jest.
 */

const [folder = ''] = process.argv.slice(2);
const bundles = join(folder, 'dist');
const contracts = [hearOrders, tellOthers, tellNobody];
const { warnings } = await build({
  ...BUNDLING,
  entryPoints: [
    { in: 'test/support/event-use-cases/hear.ts', out: 'hear-orders/index' },
    { in: 'test/support/event-use-cases/tell.ts', out: 'tell-others/index' },
    { in: 'test/support/event-use-cases/tell.ts', out: 'tell-nobody/index' },
  ],
  outdir: bundles,
});
if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
makeApp({ context: EXAMPLE_SETTINGS, bundles, contracts, outdir: join(folder, 'cdk.out') }).app.synth();
