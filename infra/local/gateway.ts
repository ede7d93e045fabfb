import { readAssembly } from './assembly/assembly.ts';
import type { Assembly, AuthorizerDefinition } from './assembly/definitions.ts';
import { type Door, openDoor } from './door.ts';
import { jwtAuthorizer } from './http-api/authorizer.ts';
import { HttpApi } from './http-api/http-api.ts';
import { type JsonObject, parseJson } from './json.ts';
import { FunctionFailed, Lambda } from './lambda/lambda.ts';
import { type SecretValues, startSecretsExtension } from './lambda/secrets-extension.ts';
import { createLocalEndpoints } from './local-endpoints.ts';
import { Subscriptions } from './logs/subscriptions.ts';
import { createLocalIssuer, type TokenRequest } from './local-issuer.ts';
import { describeSchedule, inputOf, UnknownSchedule } from './schedules.ts';

export type GatewayOptions = Readonly<{
  /** Folder that `cdk synth` wrote, usually `cdk.out`. */
  assembly: string;
  /** Where to listen: a port of 127.0.0.1 (0, the default: any free one) or a door that is open already. */
  at?: number | Door;
  /** Secret values by a word in the path of the secret's construct: `{ DatabaseUri: 'mongodb://…' }`. */
  secrets?: SecretValues;
  /** Takes each line that a function writes. Default: nobody does. */
  log?: (functionName: string, line: string) => void;
  /** Default 4; what is above it waits in order. */
  maxEnvironmentsPerFunction?: number;
  /** Body of `GET /_local/health`. */
  health?: JsonObject;
  /** Runs when functions can be invoked and before the first request is served. */
  beforeServing?: (invoke: Gateway['invoke']) => Promise<unknown>;
}>;

/** A running gateway. */
export type Gateway = Readonly<{
  url: string;
  /** Signs a token that the stack's authorizer accepts for an hour. */
  token: (request: TokenRequest) => string;
  /** Invokes a function as `aws lambda invoke` does; rejects with FunctionFailed. */
  invoke: (functionName: string, payload?: unknown) => Promise<unknown>;
  /** Runs a schedule, by its name or its function's, with its own input or another; rejects with FunctionFailed. */
  runSchedule: (name: string, input?: unknown) => Promise<unknown>;
  /** Process ids by function. */
  environments: () => Record<string, number[]>;
  /** Leaves nothing running. */
  stop: () => Promise<void>;
}>;

const NO_AUTHORIZER: AuthorizerDefinition = { issuer: 'http://127.0.0.1/_local', audience: [], header: '' };

const invokeWith =
  (lambda: Lambda): Gateway['invoke'] =>
  async (functionName, payload = {}) => {
    const definition = lambda.find(functionName);
    const outcome = await lambda.invoke(definition, JSON.stringify(payload));
    if (outcome.kind === 'failed') throw new FunctionFailed(definition.name, outcome.error);
    return parseJson(outcome.payload);
  };

const scheduleRunner =
  ({ schedules }: Assembly, invoke: Gateway['invoke']): Gateway['runSchedule'] =>
  async (name, input) => {
    const schedule = schedules.find((one) => one.name === name || one.target.path.split('/').includes(name));
    if (schedule === undefined) throw new UnknownSchedule(name);
    return invoke(schedule.target.name, input ?? parseJson(inputOf(schedule, new Date())));
  };

const parts = async (assembly: Assembly, options: GatewayOptions) => {
  const { secrets = {}, log = () => undefined, maxEnvironmentsPerFunction = 4 } = options;
  const [authorizer = NO_AUTHORIZER] = assembly.authorizers;
  const [extension, issuer] = await Promise.all([
    startSecretsExtension({ secrets: assembly.secrets, values: secrets }),
    createLocalIssuer(authorizer),
  ]);
  const subscriptions: Subscriptions = new Subscriptions(assembly.subscriptions, (target, payload) =>
    lambda.invoke(target, payload),
  );
  const lambda: Lambda = new Lambda({
    functions: assembly.functions,
    extension,
    maxEnvironmentsPerFunction,
    log: (name, line) => {
      log(name, line);
      subscriptions.take(name, line);
    },
  });
  const authorizers = new Map(
    assembly.authorizers.map((definition) => [definition, jwtAuthorizer(definition, issuer.keys)]),
  );
  const stop = async (): Promise<void> => {
    await subscriptions.settle();
    await Promise.all([lambda.stop(), extension.stop()]);
  };
  return {
    lambda,
    issuer,
    issuerUrl: authorizer.issuer,
    api: new HttpApi({ assembly, lambda, authorizers }),
    stop,
  };
};

/**
 * Serves a synthesized stack on this machine: its routes, authorizer, functions, schedules and secrets.
 * @throws Error naming the resource that cannot be played, or the port that is taken
 */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { at = 0, health = {}, beforeServing } = options;
  const assembly = await readAssembly(options.assembly);
  const door = typeof at === 'number' ? await openDoor(at) : at;
  const { lambda, issuer, issuerUrl, api, stop: stopParts } = await parts(assembly, options);
  const stop = async (): Promise<void> => {
    await Promise.all([door.close(), stopParts()]);
  };
  const invoke = invokeWith(lambda);
  const runSchedule = scheduleRunner(assembly, invoke);
  const schedules = assembly.schedules.map(describeSchedule);
  const local = createLocalEndpoints({ health, issuer, issuerUrl, schedules, runSchedule });
  await beforeServing?.(invoke).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  door.serve(async (message) => (await local(message)) ?? api.answer(message));
  const environments = (): Record<string, number[]> => lambda.environments();
  return { url: door.url, token: issuer.token, invoke, runSchedule, environments, stop };
};
