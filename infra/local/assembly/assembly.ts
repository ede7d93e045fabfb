import { readAuthorizer, readCors, refuseOtherStages, texts } from './api-parts.ts';
import { bucketOf } from './buckets.ts';
import { type CloudAssembly, type Resource, allResources, readCloudAssembly } from './cloud-assembly.ts';
import { readEvents } from './events.ts';
import { grantsOf } from './grants.ts';
import { type Resolve, localArn, localName, resolver } from './intrinsic.ts';
import { isObject, listAt, numberAt, objectAt, textAt } from '../json.ts';
import { logPattern } from '../logs/log-pattern.ts';
import { parseRouteKey } from './routes.ts';
import type {
  Assembly,
  AuthorizerDefinition,
  FunctionDefinition,
  RouteDefinition,
  ScheduleDefinition,
  SubscriptionDefinition,
} from './definitions.ts';

/** An HTTP API waits at most this long for its integration. */
const LONGEST_INTEGRATION_MS = 30_000;

class AssemblyReader {
  readonly #assembly: CloudAssembly;
  readonly #resolve: Resolve;
  readonly #functions: ReadonlyMap<string, FunctionDefinition>;

  constructor(assembly: CloudAssembly) {
    this.#assembly = assembly;
    this.#resolve = resolver(assembly);
    this.#functions = new Map(
      this.#read('AWS::Lambda::Function', (lambda) => this.#function(lambda)).map(byArn),
    );
  }

  read(): Assembly {
    const [api] = this.#read('AWS::ApiGatewayV2::Api', ({ id, properties }) => ({ id, properties }));
    const cors = api?.properties.CorsConfiguration;
    const authorizers = new Map(
      this.#read(
        'AWS::ApiGatewayV2::Authorizer',
        (authorizer) => [authorizer.id, readAuthorizer(authorizer)] as const,
      ),
    );
    this.#read('AWS::ApiGatewayV2::Stage', refuseOtherStages);
    return {
      apiId: api?.id ?? '',
      functions: [...this.#functions.values()],
      routes: this.#read('AWS::ApiGatewayV2::Route', (route) => this.#route(route, authorizers)),
      authorizers: [...authorizers.values()],
      ...(isObject(cors) ? { cors: readCors(cors) } : {}),
      schedules: this.#read('AWS::Scheduler::Schedule', (schedule) => this.#schedule(schedule)),
      subscriptions: this.#read('AWS::Logs::SubscriptionFilter', (filter) => this.#subscription(filter)),
      secrets: this.#read('AWS::SecretsManager::Secret', (secret) => ({
        name: localName(secret),
        arn: localArn(secret),
        path: secret.path,
      })),
      buckets: this.#read('AWS::S3::Bucket', (bucket) => bucketOf(bucket, this.#resolve)),
      events: readEvents(allResources(this.#assembly), this.#resolve, (within, named) =>
        this.#target(within, named),
      ),
    };
  }

  /** Every resource of a type, its intrinsics still in place. */
  #read<T>(type: string, as: (resource: Resource) => T): T[] {
    return allResources(this.#assembly)
      .filter((resource) => resource.type === type)
      .map(as);
  }

  #text(resource: Resource, value: unknown): string {
    return String(this.#resolve(value, resource));
  }

  #function(lambda: Resource): FunctionDefinition {
    const { properties } = lambda;
    const folder = this.#assembly.assetFolder(textAt(objectAt(properties, 'Code'), 'S3Key') ?? '');
    if (folder === undefined) throw new Error(`${lambda.path} has no bundle in this assembly.`);
    const variables = objectAt(objectAt(properties, 'Environment'), 'Variables');
    const { LogGroup: logGroup } = objectAt(properties, 'LoggingConfig');
    const reserved = numberAt(properties, 'ReservedConcurrentExecutions');
    return {
      name: localName(lambda),
      arn: localArn(lambda),
      path: lambda.path,
      folder,
      handler: textAt(properties, 'Handler') ?? 'index.handler',
      timeoutMs: (numberAt(properties, 'Timeout') ?? 3) * 1_000,
      memoryMb: numberAt(properties, 'MemorySize') ?? 128,
      environment: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, this.#text(lambda, value)]),
      ),
      logGroup: logGroup === undefined ? `/aws/lambda/${localName(lambda)}` : this.#text(lambda, logGroup),
      ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
      mayDo: grantsOf(lambda, this.#assembly, this.#resolve),
    };
  }

  #target(resource: Resource, reference: unknown): FunctionDefinition {
    const named = this.#text(resource, reference);
    const target =
      this.#functions.get(named) ?? [...this.#functions.values()].find(({ name }) => name === named);
    if (target === undefined)
      throw new Error(`${resource.path} leads to ${named}, which is not a function of this assembly.`);
    return target;
  }

  #route(route: Resource, authorizers: ReadonlyMap<string, AuthorizerDefinition>): RouteDefinition {
    const { properties } = route;
    const integrationId = this.#text(route, properties.Target).replace(/^integrations\//, '');
    const integration = this.#assembly.stacks.get(route.stack)?.resources.get(integrationId);
    if (integration === undefined) throw new Error(`${route.path} has no integration.`);
    if (integration.properties.PayloadFormatVersion !== '2.0') {
      throw new Error(`${integration.path} does not use payload format 2.0, the only one played here.`);
    }
    const type = textAt(properties, 'AuthorizationType') ?? 'NONE';
    const authorizer =
      type === 'JWT' ? authorizers.get(this.#text(route, properties.AuthorizerId)) : undefined;
    if (type !== 'NONE' && authorizer === undefined) {
      throw new Error(`${route.path} is authorized by ${type}, which is not played here.`);
    }
    return {
      ...parseRouteKey(textAt(properties, 'RouteKey') ?? '$default'),
      target: this.#target(integration, integration.properties.IntegrationUri),
      timeoutMs: numberAt(integration.properties, 'TimeoutInMillis') ?? LONGEST_INTEGRATION_MS,
      ...(authorizer === undefined ? {} : { authorizer }),
      scopes: texts(listAt(properties, 'AuthorizationScopes')),
    };
  }

  #subscription(filter: Resource): SubscriptionDefinition {
    const { properties } = filter;
    const logGroup = this.#text(filter, properties.LogGroupName);
    const sources = [...this.#functions.values()].filter((one) => one.logGroup === logGroup);
    return {
      name: textAt(properties, 'FilterName') ?? filter.id,
      logGroup,
      sources: sources.map(({ name }) => name),
      matches: logPattern(textAt(properties, 'FilterPattern') ?? ''),
      target: this.#target(filter, properties.DestinationArn),
    };
  }

  #schedule(schedule: Resource): ScheduleDefinition {
    const { properties } = schedule;
    const target = objectAt(properties, 'Target');
    return {
      name: localName(schedule),
      arn: localArn(schedule),
      expression: this.#text(schedule, properties.ScheduleExpression),
      enabled: properties.State !== 'DISABLED',
      target: this.#target(schedule, target.Arn),
      input: target.Input === undefined ? '{}' : this.#text(schedule, target.Input),
    };
  }
}

const byArn = (definition: FunctionDefinition): [string, FunctionDefinition] => [definition.arn, definition];

/**
 * Reads synthesized stacks as what this gateway plays.
 * @param folder usually `cdk.out`
 * @throws Error naming the resource that cannot be played
 */
export const readAssembly = async (folder: string): Promise<Assembly> =>
  new AssemblyReader(await readCloudAssembly(folder)).read();
