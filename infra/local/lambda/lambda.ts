import type { FunctionDefinition } from '../assembly/definitions.ts';
import { type FunctionError, type Outcome, Environment } from './environment.ts';
import { FunctionPool } from './function-pool.ts';
import { LOCAL_ACCOUNT } from '../assembly/intrinsic.ts';
import type { Callers } from './callers.ts';
import type { SecretsExtension } from './secrets-extension.ts';

/** Lambda's limit for the request and for the response of a synchronous call. */
export const LARGEST_PAYLOAD_BYTES = 6 * 1024 * 1024;

const EXTENSION_PORT = 'PARAMETERS_SECRETS_EXTENSION_HTTP_PORT';

/** A failure of a function, as `aws lambda invoke` would show it. */
export class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed';
  readonly error: FunctionError;

  constructor(functionName: string, error: FunctionError) {
    super(`${functionName} failed: ${error.errorType}: ${error.errorMessage}`);
    this.error = error;
  }
}

export type LambdaOptions = Readonly<{
  functions: readonly FunctionDefinition[];
  extension: SecretsExtension;
  callers: Callers;
  /** Where the functions reach services of AWS, by the variable that names the address to the SDK. */
  endpoints: Readonly<Record<string, string>>;
  maxEnvironmentsPerFunction: number;
  log: (functionName: string, line: string) => void;
  develop?: Develop;
}>;

/** What `npm run dev` does beside running functions. */
export type Develop = Readonly<{
  /** Options of Node for each environment of a function. */
  nodeOptions: (definition: FunctionDefinition) => readonly string[];
  /** Whether a person may halt a function: then it has one environment, and nothing is too late. */
  isHalted: (definition: FunctionDefinition) => boolean;
  /** Resolves when the newest code of a function is in its folder. */
  newestCode: (definition: FunctionDefinition) => Promise<void>;
}>;

const AS_DEPLOYED: Develop = {
  nodeOptions: () => [],
  isHalted: () => false,
  newestCode: () => Promise.resolve(),
};

/** No person thinks longer about a halted function. */
export const HALTED_MS = 24 * 60 * 60 * 1_000;

/** All functions of the stack. Each runs in its own processes, with only its own environment variables. */
export class Lambda {
  readonly #pools: ReadonlyMap<FunctionDefinition, FunctionPool>;
  readonly #log: LambdaOptions['log'];
  readonly #develop: Develop;
  /** Where the code of a function is, when it was replaced. */
  readonly #folders = new Map<FunctionDefinition, string>();

  constructor(options: LambdaOptions) {
    const { functions, extension, callers, endpoints, maxEnvironmentsPerFunction, log } = options;
    const { develop = AS_DEPLOYED } = options;
    this.#log = log;
    this.#develop = develop;
    const start = (definition: FunctionDefinition) => (): Environment => {
      const session = extension.openSession(definition);
      const key = callers.openSession(definition);
      const variables = {
        ...platformVariables(definition, extension.port, session.token),
        AWS_ACCESS_KEY_ID: key.accessKeyId,
        // Without them, a function would call the real AWS.
        ...endpoints,
      };
      const platform = { variables, nodeOptions: develop.nodeOptions(definition) };
      const environment = new Environment(this.#current(definition), platform, (line) => {
        log(definition.name, line);
      });
      void environment.ended.then(() => {
        session.close();
        key.close();
      });
      return environment;
    };
    this.#pools = new Map(
      functions.map((definition) => {
        const most = develop.isHalted(definition) ? 1 : maxEnvironmentsPerFunction;
        const limit = Math.min(most, definition.reservedConcurrency ?? Infinity);
        return [definition, new FunctionPool(start(definition), limit)];
      }),
    );
  }

  /**
   * A function by its name, or by the id of a construct that contains it.
   * @throws Error listing all functions
   */
  find(name: string): FunctionDefinition {
    const all = [...this.#pools.keys()];
    const found =
      all.find((one) => one.name === name) ?? all.find(({ path }) => path.split('/').includes(name));
    if (found !== undefined) return found;
    throw new Error(
      `There is no function ${name}. The functions are ${all.map((one) => one.name).join(', ')}.`,
    );
  }

  /** Runs one synchronous invocation. A failure of the function is logged and returned; it does not reject. */
  async invoke(definition: FunctionDefinition, payload: string, signal?: AbortSignal): Promise<Outcome> {
    await this.#develop.newestCode(definition);
    const outcome = await this.#pools.get(definition)?.invoke(payload, signal);
    if (outcome === undefined) throw new Error(`${definition.name} is not a function of this stack.`);
    const limited = limitSize(outcome);
    if (limited.kind === 'failed')
      this.#log(definition.name, `Invoke Error ${JSON.stringify(limited.error)}`);
    return limited;
  }

  /**
   * Runs a function from another folder from now on.
   * @returns what resolves when nothing runs from the folder before
   */
  replaceCode(definition: FunctionDefinition, folder: string): Promise<unknown> {
    this.#folders.set(definition, folder);
    return this.#pools.get(definition)?.renew() ?? Promise.resolve();
  }

  /** Starts an environment of a function ahead of its first invocation. */
  warm(definition: FunctionDefinition): void {
    this.#pools.get(definition)?.warm();
  }

  /** Process ids by function name. A function that was never called has none. */
  environments(): Record<string, number[]> {
    return Object.fromEntries([...this.#pools].map(([{ name }, pool]) => [name, pool.pids]));
  }

  #current(definition: FunctionDefinition): FunctionDefinition {
    const folder = this.#folders.get(definition) ?? definition.folder;
    return this.#develop.isHalted(definition)
      ? { ...definition, folder, timeoutMs: HALTED_MS }
      : { ...definition, folder };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
  }
}

const limitSize = (outcome: Outcome): Outcome => {
  if (outcome.kind === 'failed' || Buffer.byteLength(outcome.payload) <= LARGEST_PAYLOAD_BYTES)
    return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${String(LARGEST_PAYLOAD_BYTES)} bytes).`;
  return { kind: 'failed', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage, trace: [] } };
};

/** What the platform adds to each environment. The secrets extension is added only if the template asks for it. */
const platformVariables = (
  { environment }: FunctionDefinition,
  extensionPort: number,
  sessionToken: string,
): Record<string, string> => ({
  AWS_DEFAULT_REGION: LOCAL_ACCOUNT.region,
  AWS_REGION: LOCAL_ACCOUNT.region,
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SESSION_TOKEN: sessionToken,
  ...(EXTENSION_PORT in environment ? { [EXTENSION_PORT]: String(extensionPort) } : {}),
});
