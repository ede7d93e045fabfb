import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFunctions } from './bundles.ts';
import { runCommand } from './command.ts';
import { refuseWithoutLayer } from '../stack/secrets-layer.ts';
import { EXAMPLE_SETTINGS, stageSettings } from '../stack/stage-settings.ts';
import { synthesize } from './synthesize.ts';

/** `npm run synth`: writes all three stacks to cdk.out, offline. Settings that are not given as `-c name=value` are examples. */

const { values } = parseArgs({
  options: { context: { type: 'string', short: 'c', multiple: true, default: [] } },
});
const given: Record<string, string> = Object.fromEntries(
  values.context.map((setting) => {
    const [name = '', ...value] = setting.split('=');
    return [name, value.join('=')];
  }),
);
const examples = Object.entries(EXAMPLE_SETTINGS).filter(([name]) => !(name in given));

await runCommand(async () => {
  const context = { ...Object.fromEntries(examples), ...given };
  const { codeCache } = stageSettings({
    tryGetContext: (name) => context[name],
    getAllContext: () => context,
  });
  refuseWithoutLayer(process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION']);
  await buildFunctions({ codeCache: codeCache === 'on' });
  const { directory } = synthesize({ outdir: resolve(import.meta.dirname, '../../cdk.out'), context });
  process.stdout.write(`The cloud assembly is in ${directory}\n`);
  if (examples.length === 0) return;
  const named = examples.map(([name, value]) => `${name}=${value}`).join(', ');
  process.stdout.write(`These settings are examples; do not deploy them: ${named}\n`);
});
