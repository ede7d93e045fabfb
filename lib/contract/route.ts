import type * as z from 'zod';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Bucket } from '#lib/domain/business/request-allowance.ts';
import type { Purpose } from '#lib/domain/access/purpose.ts';
import { DEFAULT_SIZE, type Door, type PlainNeed, type Schema, type Sized } from './door.ts';
import type { Permission } from './permissions.ts';
import type { ProblemCode } from './problem.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Answers = Readonly<Partial<Record<200 | 201 | 202, Schema>>>;

/** A use case behind HTTP. */
export type Route = Door &
  Readonly<{
    kind: 'route';
    method: Method;
    path: string;
    /** Absent if anyone may call the route without a token. */
    permission?: Permission;
    /**
     * What the route is for, as its access log entries and histories say. A route that anyone may call has one if it changes a
     * customer.
     */
    purpose?: Purpose;
    /** Why anyone may call the route. Present exactly when the permission is absent. */
    openBecause?: string;
    params?: Schema;
    query?: Schema;
    body?: Schema;
    /** Whether the header `If-Match` is read, and whether it is required. */
    precondition?: 'optional' | 'required';
    answers: Answers;
    /** The codes that its own rules refuse with. `defineRoute` adds those of the pipeline. */
    problems: readonly ProblemCode[];
    /** Largest body, in bytes. */
    bodyLimitBytes: number;
    /** In which bucket of the business its calls count; `desk` if absent. */
    bucket?: Bucket;
    /** Whether it only reads although it is a POST: its calls are accounted as reads. */
    onlyReads?: true;
    /** Whether it also shows customers that it does not change: then its calls are in the access log beside the histories. */
    alsoReads?: true;
    /** Whether an attempt that the database fails is made again, until the deadline. Only a read without effect may say so. */
    readsAgain?: true;
  }>;

/**
 * The largest body of a route that sets no other limit: enough for one customer with the longest note. Its 20,000 UTF-16 units
 * have at most 60,000 bytes in UTF-8, and at most 120,000 where a client escapes each of them.
 */
export const DEFAULT_BODY_LIMIT_BYTES = 128 * 1024;

/** The codes with which the pipeline may refuse a request, before or after the steps of the route. */
const pipelineProblems = (route: {
  method: Method;
  permission?: Permission | undefined;
  body?: Schema | undefined;
  precondition?: 'optional' | 'required' | undefined;
}): readonly ProblemCode[] => [
  'invalid-request',
  'unknown-parameter',
  ...(route.body === undefined
    ? []
    : (['unknown-field', 'malformed-json', 'unsupported-media-type', 'body-too-large'] as const)),
  ...(route.permission === undefined
    ? []
    : ([
        'business-required',
        'not-permitted',
        'not-a-member',
        'unusable-subject',
        'rate-limited',
        'database-unavailable',
      ] as const)),
  // An answer is kept for a caller, and a route that anyone may call knows none.
  ...(route.method === 'POST' && route.permission !== undefined
    ? (['request-in-progress', 'idempotency-key-reused'] as const)
    : []),
  ...(route.precondition === undefined ? [] : (['stale-version'] as const)),
  ...(route.precondition === 'required' ? (['version-required'] as const) : []),
  'internal-error',
];

type Accountable =
  | Readonly<{ permission: Permission; purpose: Purpose; openBecause?: never }>
  | Readonly<{ permission?: never; purpose?: Purpose; openBecause: string }>;
/** Only a GET may be read again: nothing may be done twice. */
type Effect =
  Readonly<{ method: 'GET'; readsAgain?: true }> | Readonly<{ method: Method; readsAgain?: never }>;
type RouteDefinition = Omit<
  Sized<Route>,
  'bodyLimitBytes' | 'permission' | 'purpose' | 'openBecause' | 'method' | 'readsAgain' | 'needs'
> &
  // No route waits for a bucket.
  Readonly<{ needs: readonly PlainNeed[] }> &
  Partial<Pick<Route, 'bodyLimitBytes'>> &
  Accountable &
  Effect;

/** Defines the contract of a route: its path, schemas, permission and problems, each written only here. */
export const defineRoute = <const D extends RouteDefinition>(definition: D) => ({
  ...DEFAULT_SIZE,
  bodyLimitBytes: DEFAULT_BODY_LIMIT_BYTES,
  ...definition,
  kind: 'route' as const,
  problems: [...new Set([...definition.problems, ...pipelineProblems(definition)])],
});

type Output<C, K extends string> =
  C extends Readonly<Record<K, infer S extends Schema>> ? z.output<S> : undefined;

/** The request that a use case receives: parsed, and with only what the contract names. */
export type RequestOf<C> = Readonly<{
  params: Output<C, 'params'>;
  query: Output<C, 'query'>;
  body: Output<C, 'body'>;
  /** The versions that If-Match names; absent when the caller named none. */
  ifMatch?: readonly string[];
}>;

/** What a use case may answer: a status of its contract, with the body for that status. */
export type AnswerOf<C extends { answers: Answers }> = {
  [S in keyof C['answers'] & (200 | 201 | 202)]: C['answers'][S] extends Schema
    ? Readonly<{ status: S; body: z.input<C['answers'][S]> }>
    : never;
}[keyof C['answers'] & (200 | 201 | 202)];

/** The steps of a route, after it has received its ports. */
export type UseCase<C extends { answers: Answers }> = (
  request: RequestOf<C>,
  scope: BusinessScope,
) => Promise<AnswerOf<C>>;

/** The steps of a route that anyone may call. */
export type PublicUseCase<C extends { answers: Answers }> = (request: RequestOf<C>) => Promise<AnswerOf<C>>;

/** 200 with this body. */
export const ok = <B>(body: B): Readonly<{ status: 200; body: B }> => ({ status: 200, body });

/** 201 with this body. */
export const created = <B>(body: B): Readonly<{ status: 201; body: B }> => ({ status: 201, body });

/** 202 with this body: the work goes on after the answer. */
export const accepted = <B>(body: B): Readonly<{ status: 202; body: B }> => ({ status: 202, body });
