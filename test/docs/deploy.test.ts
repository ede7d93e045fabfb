import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseKeyring } from '#lib/privacy/keyring.ts';
import { copiedTree } from '#test/support/copied-tree.ts';
import { synthesis } from '../infra/build/synthesis.ts';

/** The commands of docs/deploy.md, run as far as they go without an account. */

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
/** Each command of CDK loads for some seconds. */
const SLOW_MS = 300_000;
const URI = 'mongodb+srv://user:a-password@cluster.example.net/customers';

const { main, work, watch } = await synthesis('usual');

/** The blocks of the page that are for a shell, without the indent of a list. */
const blocks = [...PAGE.matchAll(/^( *)```sh\n([^]*?)^ *```$/gm)].map(([, indent = '', text = '']) =>
  text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
);
/** Their command lines, each on one line. */
const lines = blocks.flatMap((block) =>
  block
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line !== ''),
);

type Called = Readonly<{ program: string; args: readonly string[]; stdin: string; files: readonly string[] }>;

/** Plays `aws`, `curl` and `npm`: notes how it was called and what it could read, and makes what the page reads next. */
const STUB = `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const { basename } = require('node:path');
const program = basename(process.argv[1]);
const args = process.argv.slice(2);
const isPiped = args.some((arg) => arg.includes('/dev/stdin'));
const stdin = isPiped ? readFileSync(0, 'utf8') : '';
const files = args.filter((arg) => /^file:\\/\\/(?!\\/dev)/.test(arg)).map((arg) => readFileSync(arg.slice(7), 'utf8'));
appendFileSync(process.env.CALLED, JSON.stringify({ program, args, stdin, files }) + '\\n');
if (args.at(-1) === 'answer.json') writeFileSync('answer.json', '{}');
if (program === 'npm' && args[1] === 'ops' && args[3] === 'keyring')
  process.exit(spawnSync(process.execPath, [process.env.OPS, ...args.slice(3)], { stdio: 'inherit' }).status);
`;

const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const program of ['aws', 'curl', 'npm']) {
  writeFileSync(join(folder, program), STUB);
  chmodSync(join(folder, program), 0o755);
}

/** Runs a block in a folder of its own; what the operator pastes comes from standard input. */
const run = (block: string): { status: number | null; stderr: string; called: Called[] } => {
  const called = join(folder, 'called');
  writeFileSync(called, '');
  const { status, stderr } = spawnSync('bash', ['-euc', block.replaceAll(/<(\w+)>/g, '$1')], {
    cwd: folder,
    input: `${URI}\n`,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...{ PATH: `${folder}:${process.env['PATH'] ?? ''}`, CALLED: called },
      ...{ OPS: join(ROOT, 'infra/ops/ops.ts'), TOKEN: 't', BUSINESS: 'b' },
    },
  });
  const calls = readFileSync(called, 'utf8').trim().split('\n').filter(Boolean);
  return { status, stderr, called: calls.map((call): Called => JSON.parse(call)) };
};

/** What each command of AWS may be given, as its reference says. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'secretsmanager put-secret-value': ['--secret-id', '--secret-string'],
  'lambda invoke': ['--function-name', '--cli-read-timeout', '--cli-binary-format', '--payload'],
  'cloudwatch describe-alarms': ['--alarm-name-prefix', '--query'],
  'cloudwatch set-alarm-state': ['--alarm-name', '--state-value', '--state-reason'],
  'sqs list-queues': ['--queue-name-prefix'],
};

describe('the commands of docs/deploy.md', () => {
  it('are all of a kind that is tried here', () => {
    const known =
      /^(npm ci$|npm run (bootstrap|deploy|cdk|ops)\b|IFS= read -rs URI$|unset URI$|printf '%s' "\$URI" \| aws |MONGODB_URI=\$URI KEYRING_FILE=\S+ npm run ops|aws |curl )/;
    expect(lines.length).toBeGreaterThan(15);
    expect(lines.filter((line) => !known.test(line))).toEqual([]);
  });

  it.each(blocks)('run in a shell, with the options that AWS knows: %#', (block) => {
    const { status, stderr, called } = run(block);
    expect([status, stderr]).toEqual([0, '']);
    for (const { args } of called.filter(({ program }) => program === 'aws')) {
      const options = OPTIONS[args.slice(0, 2).join(' ')];
      expect(args.filter((arg) => arg.startsWith('--') && options?.includes(arg) !== true)).toEqual([]);
    }
  });

  it('put the connection string and a usable keyring, and show neither to another process', () => {
    const block = blocks.find((one) => one.includes('keyring new')) ?? '';
    rmSync(join(folder, 'keyring.json'), { force: true });
    const { called } = run(block);
    const [uri, keyring] = called.filter(({ args }) => args[1] === 'put-secret-value');
    expect(uri).toMatchObject({ stdin: URI });
    expect(parseKeyring(keyring?.files[0] ?? '')).toMatchObject({ current: 'k1' });
    const secrets = [URI, 'a-password', ...Object.values(JSON.parse(keyring?.files[0] ?? '{}').keys)];
    for (const secret of secrets)
      expect(JSON.stringify(called.map(({ args }) => args))).not.toContain(secret);
    expect(block).not.toMatch(/\$\(|mongodb/);
  });

  it('name outputs, an alarm and queues that the stacks have', () => {
    const placeholders = lines.flatMap((line) => [...line.matchAll(/<(\w+)>/g)].map(([, name]) => name));
    expect(Object.keys(main.template.Outputs ?? {})).toEqual(expect.arrayContaining(placeholders));
    const named = (stack: typeof work, type: string, property: string): string[] =>
      stack.ofType(type).map(([, { Properties }]) => Properties[property]);
    const given = (option: string): string[] =>
      lines.flatMap((line) =>
        [...line.matchAll(new RegExp(`${option} (\\S+)`, 'g'))].map(([, one = '']) => one),
      );
    const alarms = named(watch, 'AWS::CloudWatch::Alarm', 'AlarmName');
    const queues = named(work, 'AWS::SQS::Queue', 'QueueName');
    expect(alarms).toEqual(expect.arrayContaining(given('--alarm-name')));
    for (const prefix of given('--alarm-name-prefix'))
      expect(alarms.filter((name) => !name.startsWith(prefix))).toEqual([]);
    for (const prefix of given('--queue-name-prefix'))
      expect(queues.filter((name) => !name.startsWith(prefix))).toEqual([]);
  });
});

describe('what they do with CDK, without an account', () => {
  let tree = '';
  const asked = promisify(execFile);
  /** Runs `npm run <script> -- …` of the page in the copy, without npm. */
  const cdk = async (line: string): Promise<{ code: number; text: string }> => {
    const [, script = '', rest = ''] = /^npm run (\w+)(?: -- (.*))?$/.exec(line) ?? [];
    const { scripts } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8'));
    const command = `${String(scripts[script]).replace(/^node /, `"${process.execPath}" `)} ${rest}`;
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
    const env = {
      ...Object.fromEntries(others),
      ...{ HOME: tree, AWS_REGION: 'eu-central-1', AWS_EC2_METADATA_DISABLED: 'true' },
      // CDK's validation of the templates takes five seconds, and rules.test.ts is about it.
      ...{ CDK_VALIDATION: 'false', NO_COLOR: '1' },
    };
    return asked('bash', ['-c', command], { cwd: tree, env }).then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
      (error: unknown) => {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, text: stdout + stderr };
      },
    );
  };
  const lineOf = (begin: string): string => lines.find((line) => line.startsWith(begin)) ?? '';
  const template = (): string => join(tree, 'cdk.out/CustomerManagement.template.json');

  beforeAll(async () => {
    tree = copiedTree(['functions', 'lib', 'infra', 'cdk.json', 'package.json']);
    expect(await cdk(lineOf('npm run cdk -- synth'))).toMatchObject({ code: 0 });
  }, SLOW_MS);
  afterAll(() => rmSync(tree, { recursive: true }));

  it(
    'bootstrap needs no settings and is refused only for want of an account',
    async () => {
      const made = readFileSync(join(tree, 'cdk.out/manifest.json'), 'utf8');
      const { code, text } = await cdk(lineOf('npm run bootstrap'));
      // What is deployed next is still what was synthesized.
      expect(readFileSync(join(tree, 'cdk.out/manifest.json'), 'utf8')).toBe(made);
      expect(text).toContain('Unable to resolve AWS account to use.');
      expect(code).toBe(1);
    },
    SLOW_MS,
  );

  it(
    'a region without the layer for secrets is refused by name, by bootstrap and by the app',
    async () => {
      for (const app of ['bootstrap', 'app']) {
        const found = await asked(process.execPath, [join(tree, `infra/build/${app}.ts`)], {
          cwd: tree,
          env: {
            ...process.env,
            CDK_DEFAULT_REGION: 'eu-central-2',
            CDK_CONTEXT_JSON:
              '{"issuer":"https://a.example.com/","audience":"a","allowedOrigins":"https://a.example.com"}',
          },
        }).catch((error: unknown) => error);
        expect(found).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(
            /^The region eu-central-2 does not have .* Choose one of .*eu-central-1, /,
          ),
        });
      }
    },
    SLOW_MS,
  );

  it(
    'diff with the saved template shows no difference, and then the one that there is',
    async () => {
      const saved = join(tree, 'deployed.template.json');
      const made = readFileSync(template(), 'utf8');
      const line = lineOf('npm run cdk -- diff --app cdk.out CustomerManagement --template');
      writeFileSync(saved, made);
      expect(await cdk(line)).toMatchObject({
        code: 0,
        text: expect.stringContaining('There were no differences'),
      });
      writeFileSync(
        saved,
        made.replace('"CustomerManagement-get-customer"', '"CustomerManagement-read-customer"'),
      );
      expect((await cdk(line)).text).toMatch(/FunctionName[^]*read-customer[^]*get-customer/);
    },
    SLOW_MS,
  );

  it.each(['npm run cdk -- diff --app cdk.out', 'npm run deploy -- --app cdk.out --require-approval never'])(
    '%s is refused only for want of an account',
    async (line) => {
      expect(lines).toContain(line);
      const { code, text } = await cdk(line);
      expect(text).toMatch(/Unable to resolve AWS account|credentials/i);
      expect(code).toBe(1);
    },
    SLOW_MS,
  );
});
