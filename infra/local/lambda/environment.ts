import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FunctionDefinition } from '../assembly/definitions.ts';
import { isObject, listAt, textAt } from '../json.ts';

/** Lambda's error for a function that threw, was killed or exited. */
export type FunctionError = Readonly<{ errorType: string; errorMessage: string; trace: readonly string[] }>;

/** How an invocation ended; the payload is JSON text. */
export type Outcome = Readonly<
  { kind: 'answered'; payload: string } | { kind: 'failed'; error: FunctionError }
>;

/** What the parent process sends to the worker for one invocation. */
export type WorkerOrder = Readonly<{
  requestId: string;
  functionArn: string;
  payload: string;
  remainingMs: number;
}>;

/** Called with one line that a function wrote to stdout or stderr. */
type LogFunctionLine = (line: string) => void;

const WORKER = join(import.meta.dirname, 'worker.mjs');

/** Lambda gives an initialization 10 s, then runs it once more within the function's own time-out. */
const INIT_LIMIT_MS = 10_000;

/** Set beside the function's own variables. The function sees nothing else of this process's environment. */
const platformVariables = ({
  name,
  handler,
  memoryMb,
  folder,
  logGroup,
}: FunctionDefinition): Record<string, string> => ({
  _HANDLER: handler,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  LAMBDA_TASK_ROOT: folder,
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
});

/** How the process of an environment is started. */
export type Platform = Readonly<{
  /** What the platform adds to the variables of each environment. */
  variables: Readonly<Record<string, string>>;
  /** Options of Node. */
  nodeOptions: readonly string[];
}>;

const start = (definition: FunctionDefinition, { variables, nodeOptions }: Platform): ChildProcess =>
  spawn(process.execPath, [...nodeOptions, WORKER], {
    cwd: definition.folder,
    env: { ...platformVariables(definition), ...definition.environment, ...variables },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });

const failed = (errorType: string, errorMessage: string, trace: readonly string[] = []): Outcome => ({
  kind: 'failed',
  error: { errorType, errorMessage, trace },
});

const timedOut = (requestId: string, limitMs: number): Outcome =>
  failed('Sandbox.Timedout', `${requestId} Task timed out after ${(limitMs / 1_000).toFixed(2)} seconds`);

/** Reads a worker's reply with care: a function could write to the same channel. */
const readReply = (reply: unknown): Outcome | 'ready' => {
  const { kind, payload, error } = isObject(reply) ? reply : {};
  if (kind === 'ready') return 'ready';
  if (kind === 'answered' && typeof payload === 'string') return { kind, payload };
  const fields = isObject(error) ? error : {};
  const trace = listAt(fields, 'trace').map(String);
  return failed(textAt(fields, 'errorType') ?? 'Error', textAt(fields, 'errorMessage') ?? '', trace);
};

/** The worker's next reply, or the reason why there is none: it exited, or took longer than allowed. */
const nextReply = (child: ChildProcess, limitMs: number, late: Outcome): Promise<Outcome | 'ready'> =>
  new Promise((resolve) => {
    const settle = (reply: Outcome | 'ready'): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      resolve(reply);
    };
    const onMessage = (reply: unknown): void => {
      settle(readReply(reply));
    };
    const onExit = (code: number | null, signal: string | null): void => {
      const how = code === null ? `signal: ${String(signal)}` : `exit status ${String(code)}`;
      settle(failed('Runtime.ExitError', `Runtime exited with error: ${how}`));
    };
    const onError = (error: Error): void => {
      settle(failed('Runtime.ExitError', error.message));
    };
    const timer = setTimeout(() => {
      settle(late);
    }, limitMs);
    child.once('message', onMessage).once('exit', onExit).once('error', onError);
  });

/** A process that runs one function, one invocation at a time. Starting it is a cold start. */
export class Environment {
  readonly #definition: FunctionDefinition;
  readonly #child: ChildProcess;
  readonly #started: Promise<Outcome | 'ready'>;
  /** Resolves when the process has ended and its last line is logged. */
  readonly ended: Promise<void>;

  constructor(definition: FunctionDefinition, platform: Platform, log: LogFunctionLine) {
    const initLimitMs = INIT_LIMIT_MS + definition.timeoutMs;
    this.#definition = definition;
    this.#child = start(definition, platform);
    this.#started = nextReply(this.#child, initLimitMs, timedOut('INIT', initLimitMs));
    this.ended = new Promise((resolve) => this.#child.once('close', resolve));
    // Sending to a process that has ended emits an error; its exit event already says how it ended.
    this.#child.on('error', () => undefined);
    for (const input of [this.#child.stdout, this.#child.stderr]) {
      if (input !== null) createInterface({ input }).on('line', log);
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isAlive(): boolean {
    const { connected, killed, exitCode, signalCode } = this.#child;
    return connected && !killed && exitCode === null && signalCode === null;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Runs one invocation. Kills the environment when it did not start or takes too long. */
  async invoke({ requestId, payload }: Pick<WorkerOrder, 'requestId' | 'payload'>): Promise<Outcome> {
    const { arn: functionArn, timeoutMs } = this.#definition;
    const started = await this.#started;
    if (started !== 'ready') {
      this.kill();
      return started;
    }
    const late = timedOut(requestId, timeoutMs);
    const left = failed('Runtime.ExitError', 'Runtime exited without providing a reason');
    if (!this.isAlive) return left;
    this.#child.send({ requestId, functionArn, payload, remainingMs: timeoutMs } satisfies WorkerOrder);
    const reply = await nextReply(this.#child, timeoutMs, late);
    if (reply === late) this.kill();
    return reply === 'ready' ? left : reply;
  }
}
