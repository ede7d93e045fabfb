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
}>;

/** All functions of the stack. Each runs in its own processes, with only its own environment variables. */
export class Lambda {
  readonly #pools: ReadonlyMap<FunctionDefinition, FunctionPool>;
  readonly #log: LambdaOptions['log'];

  constructor({ functions, extension, callers, endpoints, maxEnvironmentsPerFunction, log }: LambdaOptions) {
    this.#log = log;
    const start = (definition: FunctionDefinition) => (): Environment => {
      const session = extension.openSession(definition);
      const key = callers.openSession(definition);
      const variables = {
        ...platformVariables(definition, extension.port, session.token),
        AWS_ACCESS_KEY_ID: key.accessKeyId,
        // Without them, a function would call the real AWS.
        ...endpoints,
      };
      const environment = new Environment(definition, variables, (line) => {
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
        const limit = Math.min(maxEnvironmentsPerFunction, definition.reservedConcurrency ?? Infinity);
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
    const outcome = await this.#pools.get(definition)?.invoke(payload, signal);
    if (outcome === undefined) throw new Error(`${definition.name} is not a function of this stack.`);
    const limited = limitSize(outcome);
    if (limited.kind === 'failed')
      this.#log(definition.name, `Invoke Error ${JSON.stringify(limited.error)}`);
    return limited;
  }

  /** Process ids by function name. A function that was never called has none. */
  environments(): Record<string, number[]> {
    return Object.fromEntries([...this.#pools].map(([{ name }, pool]) => [name, pool.pids]));
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
