import type { JsonObject } from '../json.ts';
import type { RoutePattern } from './routes.ts';
import type { Grants } from './grants.ts';

export type FunctionDefinition = Readonly<{
  name: string;
  arn: string;
  /** The path of its construct in the app. */
  path: string;
  /** The unpacked bundle on this disk. */
  folder: string;
  handler: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Readonly<Record<string, string>>;
  /** Where its lines go. */
  logGroup: string;
  /** At most this many environments at once, when the template reserves a number. */
  reservedConcurrency?: number;
  mayDo: Grants;
}>;

export type AuthorizerDefinition = Readonly<{ issuer: string; audience: readonly string[]; header: string }>;

export type RouteDefinition = RoutePattern &
  Readonly<{
    target: FunctionDefinition;
    timeoutMs: number;
    authorizer?: AuthorizerDefinition;
    scopes: readonly string[];
  }>;

export type CorsDefinition = Readonly<{
  origins: readonly string[];
  methods: readonly string[];
  headers: readonly string[];
  exposed: readonly string[];
  credentials: boolean;
  maxAgeSeconds?: number;
}>;

export type ScheduleDefinition = Readonly<{
  name: string;
  arn: string;
  expression: string;
  enabled: boolean;
  target: FunctionDefinition;
  input: string;
}>;

export type SubscriptionDefinition = Readonly<{
  name: string;
  logGroup: string;
  /** The names of the functions whose lines go to that group. */
  sources: readonly string[];
  matches: (line: string) => boolean;
  target: FunctionDefinition;
}>;

export type SecretDefinition = Readonly<{ name: string; arn: string; path: string }>;

export type BucketDefinition = Readonly<{
  name: string;
  arn: string;
  /** The key that encrypts it: who writes must be allowed to use it, and so must who reads. */
  keyArn?: string;
  /** Whether each new version is locked, so that S3 demands a checksum with it. */
  isLocked: boolean;
}>;

export type QueueDefinition = Readonly<{
  name: string;
  arn: string;
  path: string;
  /** After how many receives a message goes to the dead-letter queue, and the ARN of that. */
  redrive?: Readonly<{ afterReceives: number; deadLettersArn: string }>;
  /** Whether its policy lets this rule send. */
  takesFrom: (ruleArn: string) => boolean;
}>;

export type RuleDefinition = Readonly<{
  name: string;
  arn: string;
  busName: string;
  matches: (event: JsonObject) => boolean;
  /** The ARNs of queues; what cannot be sent to one goes to its last queue. */
  targets: readonly Readonly<{ queueArn: string; lastArn?: string }>[];
}>;

/** What polls a queue for a function. */
export type MappingDefinition = Readonly<{
  queueArn: string;
  target: FunctionDefinition;
  batchSize: number;
  mostAtOnce: number;
  /** Whether the function says which messages of a batch failed. Otherwise all of them fail or none does. */
  isPartial: boolean;
}>;

/** The buses, and what hears them. */
export type EventsDefinition = Readonly<{
  buses: readonly Readonly<{ name: string; arn: string }>[];
  rules: readonly RuleDefinition[];
  queues: readonly QueueDefinition[];
  mappings: readonly MappingDefinition[];
}>;

/** All of the synthesized stacks that this gateway plays. */
export type Assembly = Readonly<{
  apiId: string;
  functions: readonly FunctionDefinition[];
  routes: readonly RouteDefinition[];
  authorizers: readonly AuthorizerDefinition[];
  cors?: CorsDefinition;
  schedules: readonly ScheduleDefinition[];
  subscriptions: readonly SubscriptionDefinition[];
  secrets: readonly SecretDefinition[];
  buckets: readonly BucketDefinition[];
  events: EventsDefinition;
}>;
