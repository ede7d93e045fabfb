import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Gateway, type GatewayOptions, startGateway } from '#infra/local/gateway.ts';
import { fixtureAssembly } from '../fixtures/fixture-assembly.ts';
import { type Answer, call } from '../fixtures/http-call.ts';
import { isRunning, until } from '../fixtures/processes.ts';

type Told = Readonly<{ calls: number; pid: number; value: unknown }>;

const lines: string[] = [];
let gateway: Gateway;

const start = async (options: Partial<GatewayOptions> = {}): Promise<void> => {
  lines.length = 0;
  gateway = await startGateway({
    assembly: await fixtureAssembly(),
    log: (name, line) => lines.push(`${name.replace(/[0-9A-F]{8}$/, '')}: ${line}`),
    ...options,
  });
};
afterEach(() => gateway.stop());

const misbehave = (behaviour: string, ms = 0): Promise<Answer> =>
  call(gateway.url, { path: `/misbehave?behaviour=${behaviour}&ms=${String(ms)}` });
const told = async (answer: Promise<Answer>): Promise<Told> => (await answer).json() as Told;
const pidsOf = (name: string): number[] =>
  Object.entries(gateway.environments()).find(([id]) => id.startsWith(name))?.[1] ?? [];
describe('an environment', () => {
  it('is a process that starts with the first call and serves the next one', async () => {
    await start();
    expect(pidsOf('misbehave')).toEqual([]);
    const first = await told(misbehave('none'));
    const second = await told(misbehave('none'));
    expect(first).toMatchObject({ calls: 1 });
    expect(second).toEqual({ ...first, calls: 2 });
    expect(pidsOf('misbehave')).toEqual([first.pid]);
  });

  it('has the function’s variables and the platform’s, and none of this process', async () => {
    process.env.OF_THIS_PROCESS = 'yes';
    await start();
    const { value } = await told(misbehave('environment'));
    const name = expect.stringMatching(/^misbehave/);
    expect(value).toEqual({
      _HANDLER: 'index.handler',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^LOCAL[0-9A-F]{20}$/),
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_EVENTBRIDGE: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AWS_ENDPOINT_URL_S3: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: expect.stringMatching(/^\/aws\/lambda\/misbehave/),
      AWS_LAMBDA_LOG_STREAM_NAME: 'local',
      AWS_REGION: 'eu-central-1',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: expect.any(String),
      LAMBDA_TASK_ROOT: expect.any(String),
      LANG: 'en_US.UTF-8',
      NAMED: 'eu-central-1-Fixture',
      STAGE: 'fixture',
      TZ: ':UTC',
    });
    delete process.env.OF_THIS_PROCESS;
  });

  it('gives the handler Lambda’s context', async () => {
    await start();
    const { context } = (await gateway.invoke('echo', {})) as { context: Record<string, unknown> };
    expect(context).toMatchObject({
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      functionName: expect.stringMatching(/^echo/),
      functionVersion: '$LATEST',
      invokedFunctionArn: expect.stringMatching(/^arn:aws:lambda:eu-central-1:000000000000:function:echo/),
      memoryLimitInMB: '256',
    });
    expect(context.remainingMs).toBeGreaterThan(9_000);
    expect(context.remainingMs).toBeLessThanOrEqual(10_000);
  });

  it('logs what the function writes, with its name', async () => {
    await start();
    await misbehave('say');
    await gateway.stop();
    expect(lines).toEqual(['misbehave: a line for the log', 'misbehave: a line of trouble']);
  });

  it('serves one invocation at a time: calls at once start further ones', async () => {
    await start();
    const answers = await Promise.all([1, 2, 3].map(() => told(misbehave('sleep', 300))));
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(3);
  });

  it('is not started above the limit: further calls wait in order', async () => {
    await start({ maxEnvironmentsPerFunction: 2 });
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => told(misbehave('sleep', 50))));
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2);
    expect(answers.reduce((sum, { calls }) => Math.max(sum, calls), 0)).toBeGreaterThan(1);
  });
});

describe('a function that fails', () => {
  it('answers 500 when it throws, logs why, and keeps its environment', async () => {
    await start();
    expect(await misbehave('throw')).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
    });
    expect(lines.join()).toContain('TypeError');
    expect(await told(misbehave('none'))).toMatchObject({ calls: 2 });
  });

  it('answers 500 when its process exits, and starts a new one', async () => {
    await start();
    expect(await misbehave('exit')).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
    });
    expect(lines.join()).toContain('Runtime.ExitError');
    expect(await told(misbehave('none'))).toMatchObject({ calls: 1 });
  });

  it.each(['hang', 'spin'])(
    'answers 500 at its time-out when it would %s; it is killed, and starts again',
    async (behaviour) => {
      await start();
      const { pid } = await told(misbehave('none'));
      expect(await misbehave(behaviour)).toMatchObject({
        status: 500,
        text: '{"message":"Internal Server Error"}',
      });
      expect(lines.join()).toContain('Task timed out after 1.00 seconds');
      const next = await told(misbehave('none'));
      expect(next.calls).toBe(1);
      expect(next.pid).not.toBe(pid);
      expect(isRunning(pid)).toBe(false);
    },
  );

  it('is told apart in a direct invocation', async () => {
    await start();
    await expect(gateway.invoke('misbehave', { behaviour: 'throw' })).rejects.toMatchObject({
      name: 'FunctionFailed',
      error: { errorType: 'TypeError', errorMessage: 'as asked' },
    });
  });
});

describe('an integration', () => {
  it('that takes longer than it may is a 503, waiting for an environment included', async () => {
    await start({ assembly: await fixtureAssembly(), maxEnvironmentsPerFunction: 1 });
    const slow = misbehave('sleep', 600);
    const [first, second] = await Promise.all([
      slow,
      call(gateway.url, { path: '/hasty?behaviour=sleep&ms=0' }),
    ]);
    expect(first.status).toBe(200);
    expect(second).toMatchObject({ status: 503, text: '{"message":"Service Unavailable"}' });
  });

  it('whose caller no longer waits is not started', async () => {
    await start({ maxEnvironmentsPerFunction: 1 });
    await Promise.all([misbehave('sleep', 600), call(gateway.url, { path: '/hasty?behaviour=none' })]);
    expect(await told(misbehave('none'))).toMatchObject({ calls: 2 });
  });
});

describe('a gateway', () => {
  it('invokes a function directly and answers its result', async () => {
    await start();
    expect(await gateway.invoke('misbehave', { behaviour: 'none' })).toMatchObject({ calls: 1 });
    await expect(gateway.invoke('nobody')).rejects.toThrow(
      'There is no function nobody. The functions are echo',
    );
  });

  it('leaves no process when it stops, even in the middle of a call', async () => {
    await start();
    const hanging = misbehave('spin').catch(() => 'cut');
    await told(misbehave('none'));
    const pids = pidsOf('misbehave');
    expect(pids).toHaveLength(2);
    await gateway.stop();
    expect(await hanging).toBe('cut');
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('ends its environments when it is killed', async () => {
    await start();
    const script = join(import.meta.dirname, '../fixtures/abandoned-gateway.ts');
    const abandoned = spawn(process.execPath, [script, await fixtureAssembly()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed] = (await once(abandoned.stdout, 'data')) as [Buffer];
    const pids = JSON.parse(printed.toString()) as number[];
    expect(pids.filter(isRunning)).toHaveLength(3);
    abandoned.kill('SIGKILL');
    await until(() => !pids.some(isRunning));
  });

  it('runs several at a time, each for itself', async () => {
    await start();
    const other = await startGateway({ assembly: await fixtureAssembly() });
    const token = other.token({ businessId: 'b', role: 'OWNER' });
    const headers = [['authorization', token]] as const;
    expect(await call(other.url, { path: '/private', headers })).toMatchObject({ status: 200 });
    expect(await call(gateway.url, { path: '/private', headers })).toMatchObject({ status: 401 });
    await other.stop();
  });
});
