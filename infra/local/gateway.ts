import { cp, mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from './assembly/assembly.ts';
import type { Assembly, AuthorizerDefinition } from './assembly/definitions.ts';
import { type AnsweredRequest, reporting } from './console/answered-request.ts';
import { type Door, openDoor } from './door.ts';
import { jwtAuthorizer } from './http-api/authorizer.ts';
import { HttpApi } from './http-api/http-api.ts';
import { type JsonObject, parseJson } from './json.ts';
import { type Develop, FunctionFailed, HALTED_MS, Lambda } from './lambda/lambda.ts';
import { type SecretValues, startSecretsExtension } from './lambda/secrets-extension.ts';
import { Callers } from './lambda/callers.ts';
import { type ObjectEndpoint, startObjectEndpoint } from './objects/object-endpoint.ts';
import { startEventEndpoint } from './events/event-endpoint.ts';
import { EventSystem } from './events/event-system.ts';
import { createLocalEndpoints } from './local-endpoints.ts';
import { Subscriptions } from './logs/subscriptions.ts';
import { createLocalIssuer, type TokenRequest } from './local-issuer.ts';
import { operatorVariables } from './operator.ts';
import { describeSchedule, inputOf, UnknownSchedule } from './schedules.ts';

export type GatewayOptions = Readonly<{
  /** Folder that `cdk synth` wrote, usually `cdk.out`. */
  assembly: string;
  /** Where to listen: a port of 127.0.0.1 (default 0: any free port), or an open door. */
  at?: number | Door;
  /** Secret values by a part of the secret's construct path: `{ DatabaseUri: 'mongodb://…' }`. */
  secrets?: SecretValues;
  /** What signs tokens, as PEM. Default: a new key, so that tokens end with this gateway. */
  signingKey?: string;
  /** Called with each line that a function writes. Default: lines are dropped. */
  log?: (functionName: string, line: string) => void;
  /** Called with each request that was answered. Default: nothing. */
  answered?: (request: AnsweredRequest) => void;
  /** What `npm run dev` adds. Default: nothing, as deployed. */
  develop?: Develop;
  /** Default 4; further invocations wait in order. */
  maxEnvironmentsPerFunction?: number;
  /** Where the objects of the buckets lie. Default: a folder that is deleted when the gateway stops. */
  objects?: string;
  /** How long a restore of an archived object takes. Default: no time. */
  restoreDelayMs?: number;
  /** How long a message that failed stays hidden in its queue. Default: a second. */
  hiddenMs?: number;
  /** Body of `GET /_local/health`. */
  health?: JsonObject;
  /** Runs once functions can be invoked, before the first request is answered. */
  beforeServing?: (invoke: Gateway['invoke']) => Promise<unknown>;
}>;

/** A running gateway. */
export type Gateway = Readonly<{
  url: string;
  /** Signs a token that the API's authorizer accepts for an hour. */
  token: (request: TokenRequest) => string;
  /** Invokes a function, as `aws lambda invoke` does. Rejects with FunctionFailed. */
  invoke: (functionName: string, payload?: unknown) => Promise<unknown>;
  /**
   * Runs a schedule, found by its own name or that of its function, with its own input or the given one.
   * Rejects with UnknownSchedule or FunctionFailed.
   */
  runSchedule: (name: string, input?: unknown) => Promise<unknown>;
  /** Process ids by function. */
  environments: () => Record<string, number[]>;
  /** Runs a function from the bundle in another folder from now on. `ended` resolves when nothing runs from the one before. */
  replaceCode: (functionName: string, folder: string) => Promise<Readonly<{ ended: Promise<unknown> }>>;
  /** Starts an environment of a function ahead of its first invocation. */
  warm: (functionName: string) => void;
  /** Stops the gateway and all its processes. */
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

/** The buckets, and what deletes a folder that was made for them. */
const startObjects = async (
  { buckets }: Assembly,
  callers: Callers,
  options: GatewayOptions,
): Promise<ObjectEndpoint> => {
  const { objects, restoreDelayMs = 0, log = () => undefined } = options;
  const folder = objects ?? (await mkdtemp(join(tmpdir(), 'objects-')));
  const endpoint = await startObjectEndpoint({ buckets, callers, folder, restoreDelayMs, log });
  const stop = async (): Promise<void> => {
    await endpoint.stop();
    if (objects === undefined) await rm(folder, { recursive: true, force: true });
  };
  return { ...endpoint, stop };
};

const parts = async (assembly: Assembly, options: GatewayOptions) => {
  const { secrets = {}, log = () => undefined, maxEnvironmentsPerFunction = 4, hiddenMs } = options;
  const [authorizer = NO_AUTHORIZER] = assembly.authorizers;
  const callers = new Callers();
  const events: EventSystem = new EventSystem({
    definition: assembly.events,
    invoke: (target, payload) => lambda.invoke(target, payload),
    ...(hiddenMs !== undefined && { hiddenMs }),
  });
  const [extension, objects, bus, issuer] = await Promise.all([
    startSecretsExtension({ secrets: assembly.secrets, values: secrets }),
    startObjects(assembly, callers, options),
    startEventEndpoint({ events, callers, log }),
    createLocalIssuer(authorizer, options.signingKey),
  ]);
  const subscriptions: Subscriptions = new Subscriptions(assembly.subscriptions, (target, payload) =>
    lambda.invoke(target, payload),
  );
  const lambda: Lambda = new Lambda({
    functions: assembly.functions,
    extension,
    callers,
    endpoints: { AWS_ENDPOINT_URL_S3: objects.url, AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url },
    maxEnvironmentsPerFunction,
    ...(options.develop !== undefined && { develop: options.develop }),
    log: (name, line) => {
      log(name, line);
      subscriptions.take(name, line);
    },
  });
  const authorizers = new Map(
    assembly.authorizers.map((definition) => [definition, jwtAuthorizer(definition, issuer.keys)]),
  );
  const stop = async (): Promise<void> => {
    events.stop();
    await subscriptions.settle();
    await lambda.stop();
    await Promise.all([extension.stop(), objects.stop(), bus.stop()]);
  };
  return {
    lambda,
    objects,
    operator: operatorVariables({ functions: assembly.functions, callers, objectsUrl: objects.url }),
    events,
    issuer,
    issuerUrl: authorizer.issuer,
    api: new HttpApi({ assembly, lambda, authorizers }),
    stop,
  };
};

/** The assembly, but that nothing is too late for a function that a person may halt. */
const unhurried = (assembly: Assembly, develop: Develop | undefined): Assembly => ({
  ...assembly,
  routes: assembly.routes.map((route) =>
    develop?.isHalted(route.target) === true ? { ...route, timeoutMs: HALTED_MS } : route,
  ),
});

/**
 * Runs the synthesized stacks on this machine: their routes, authorizer, functions, schedules, events and secrets.
 * @throws Error naming the resource that cannot be emulated, or the port that is in use
 */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { at = 0, health = {}, answered = () => undefined, beforeServing } = options;
  const assembly = unhurried(await readAssembly(options.assembly), options.develop);
  const door = typeof at === 'number' ? await openDoor(at) : at;
  const { lambda, objects, operator, events, issuer, issuerUrl, api, ...others } = await parts(
    assembly,
    options,
  );
  const stop = async (): Promise<void> => {
    await Promise.all([door.close(), others.stop()]);
  };
  const invoke = invokeWith(lambda);
  const runSchedule = scheduleRunner(assembly, invoke);
  const schedules = assembly.schedules.map(describeSchedule);
  const local = createLocalEndpoints({
    health,
    operator,
    issuer,
    issuerUrl,
    schedules,
    runSchedule,
    listObjects: objects.list,
    events,
  });
  await beforeServing?.(invoke).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const handle = async (message: IncomingMessage) => (await local(message)) ?? api.answer(message);
  door.serve(reporting(handle, assembly.routes, answered));
  const environments = (): Record<string, number[]> => lambda.environments();
  return {
    ...{ url: door.url, token: issuer.token, invoke, runSchedule, environments, stop },
    replaceCode: async (name, folder) => {
      const definition = lambda.find(name);
      // What is deployed beside a bundle, such as the OpenAPI document, comes along.
      await cp(definition.folder, folder, { recursive: true, force: false });
      return { ended: lambda.replaceCode(definition, folder) };
    },
    warm: (name) => {
      lambda.warm(lambda.find(name));
    },
  };
};
