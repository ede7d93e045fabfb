import type * as z from 'zod';
import type { BusinessScope, SystemScope } from '#lib/domain/actor.ts';
import type { Purpose } from '#lib/domain/purpose.ts';
import type { Permission } from './permissions.ts';
import type { ProblemCode } from './problem.ts';

/** What a use case leans on. Each becomes environment and grants of its Lambda, nothing more. */
export type Need = 'database' | 'keyring' | 'openapi-document' | 'purge-switch';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Schema = z.ZodType;
type Answers = Readonly<Partial<Record<200 | 201, Schema>>>;

/** What every door has, whoever knocks. */
type Door = Readonly<{
  /** Also the folder and the Lambda. */
  name: string;
  summary: string;
  /** What people cannot do while it fails: the text of its alarm. */
  impact: string;
  needs: readonly Need[];
  memoryMb: number;
  timeoutSeconds: number;
}>;
type Sized<D extends Door> = Omit<D, 'memoryMb' | 'timeoutSeconds' | 'kind'> &
  Partial<Pick<D, 'memoryMb' | 'timeoutSeconds'>>;

/** A use case behind HTTP. */
export type Route = Door &
  Readonly<{
    kind: 'route';
    method: Method;
    path: string;
    /** Absent: anybody may call it, without a token. */
    permission?: Permission;
    /** What it is for, as every record of an access says; absent exactly when there is no permission. */
    purpose?: Purpose;
    params?: Schema;
    query?: Schema;
    body?: Schema;
    /** Whether `If-Match` is read, and whether it must be there. */
    precondition?: 'optional' | 'required';
    answers: Answers;
    /** What its own rules refuse; the pipeline's own problems are added by `defineRoute`. */
    problems: readonly ProblemCode[];
    /** Where a refusal's status differs from the table, for a client that knows 400 only. */
    statusOf?: Readonly<Partial<Record<ProblemCode, number>>>;
    /** Largest body, in bytes. */
    bodyLimitBytes: number;
  }>;

/** A use case that a clock starts. */
export type Schedule = Door & Readonly<{ kind: 'schedule'; every: string; input: Schema; output: Schema }>;

/** A use case that an operator or a deployment starts. */
export type Operation = Door & Readonly<{ kind: 'operation'; input: Schema; output: Schema }>;

/** A use case that is handed what the others say of themselves: the lines of their logs that tell of these events. */
export type Subscription = Door & Readonly<{ kind: 'subscription'; events: readonly string[] }>;

export type Contract = Route | Schedule | Operation | Subscription;

const DEFAULT_SIZE = { memoryMb: 1024, timeoutSeconds: 10 };
const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024;

/** What the pipeline itself may refuse before or after a route's own steps. */
const pipelineProblems = (route: {
  method: Method;
  permission?: Permission | undefined;
  body?: Schema | undefined;
  precondition?: 'optional' | 'required' | undefined;
}): readonly ProblemCode[] => [
  'invalid-request',
  ...(route.body === undefined
    ? []
    : (['unknown-field', 'malformed-json', 'unsupported-media-type', 'body-too-large'] as const)),
  ...(route.permission === undefined
    ? []
    : ([
        'business-required',
        'not-permitted',
        'not-a-member',
        'rate-limited',
        'database-unavailable',
      ] as const)),
  ...(route.method === 'POST' ? (['request-in-progress', 'idempotency-key-reused'] as const) : []),
  ...(route.precondition === undefined ? [] : (['stale-version'] as const)),
  ...(route.precondition === 'required' ? (['version-required'] as const) : []),
  'internal-error',
];

type Accountable =
  Readonly<{ permission: Permission; purpose: Purpose }> | Readonly<{ permission?: never; purpose?: never }>;
type RouteDefinition = Omit<Sized<Route>, 'bodyLimitBytes' | 'permission' | 'purpose'> &
  Partial<Pick<Route, 'bodyLimitBytes'>> &
  Accountable;

/** A route's contract: the one place that spells its path, its schemas, its permission and its problems. */
export const defineRoute = <const D extends RouteDefinition>(definition: D) => ({
  ...DEFAULT_SIZE,
  bodyLimitBytes: DEFAULT_BODY_LIMIT_BYTES,
  ...definition,
  kind: 'route' as const,
  problems: [...new Set([...definition.problems, ...pipelineProblems(definition)])],
});

/** A schedule's contract. `every` is an EventBridge Scheduler expression. */
export const defineSchedule = <const D extends Sized<Schedule>>(definition: D) => ({
  ...DEFAULT_SIZE,
  ...definition,
  kind: 'schedule' as const,
});

/** The contract of what is started by hand or by a deployment. */
export const defineOperation = <const D extends Sized<Operation>>(definition: D) => ({
  ...DEFAULT_SIZE,
  ...definition,
  kind: 'operation' as const,
});

/** The contract of what listens to the log events of the other use cases. */
export const defineSubscription = <const D extends Sized<Subscription>>(definition: D) => ({
  ...DEFAULT_SIZE,
  ...definition,
  kind: 'subscription' as const,
});

type Output<C, K extends string> =
  C extends Readonly<Record<K, infer S extends Schema>> ? z.output<S> : undefined;

/** What a use case gets: parsed, and nothing the contract does not name. */
export type RequestOf<C> = Readonly<{
  params: Output<C, 'params'>;
  query: Output<C, 'query'>;
  body: Output<C, 'body'>;
  /** The versions that If-Match accepts; absent when the caller named none. */
  ifMatch?: readonly string[];
}>;

/** What a use case may answer: a status its contract names, with that status's body. */
export type AnswerOf<C extends { answers: Answers }> = {
  [S in keyof C['answers'] & (200 | 201)]: C['answers'][S] extends Schema
    ? Readonly<{ status: S; body: z.input<C['answers'][S]> }>
    : never;
}[keyof C['answers'] & (200 | 201)];

/** The steps of a route, once its ports are there. */
export type UseCase<C extends { answers: Answers }> = (
  request: RequestOf<C>,
  scope: BusinessScope,
) => Promise<AnswerOf<C>>;

/** The steps of a route that anybody may call. */
export type PublicUseCase<C extends { answers: Answers }> = (request: RequestOf<C>) => Promise<AnswerOf<C>>;

/** The steps of a schedule or an operation, once its ports are there. */
export type SystemUseCase<C extends { input: Schema; output: Schema }> = (
  input: z.output<C['input']>,
  scope: SystemScope,
) => Promise<z.input<C['output']>>;

/** The steps of a subscription, once its ports are there: it gets lines as they were written, oldest first. */
export type SubscriptionUseCase = (lines: readonly string[]) => Promise<void>;

/** 200 with this body. */
export const ok = <B>(body: B): Readonly<{ status: 200; body: B }> => ({ status: 200, body });

/** 201 with this body: something new is there now. */
export const created = <B>(body: B): Readonly<{ status: 201; body: B }> => ({ status: 201, body });
