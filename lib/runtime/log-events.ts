/**
 * What a field of a log line may hold: `number`; `name`, a word of ours without spaces; `route`, method and template;
 * `id`, of a request or a document; `frames`, where an error came from. With a question mark the field may be missing.
 * None of them has room for an email, a phone, a sentence or an object: `redaction.ts` says how it is checked.
 */
export type FieldKind = 'number' | 'name' | 'name?' | 'route' | 'id' | 'frames?';

const ERROR = { error: 'name', code: 'name?', cause: 'name?', frames: 'frames?' } as const;

/**
 * Everything the service may say about itself: names in the past tense, with only the fields listed. It is read twice,
 * by the compiler and when a line goes out.
 */
export const LOG_EVENTS = {
  'request-answered': { route: 'route', status: 'number', durationMs: 'number' },
  'request-refused': { route: 'route', status: 'number', code: 'name', durationMs: 'number' },
  defect: ERROR,
  'process-failed': ERROR,
  'process-warned': ERROR,
  'database-connected': { durationMs: 'number' },
  'database-unavailable': ERROR,
  /** Why it was not known whether a business may ask for more; its request was served. */
  'rate-limit-unread': ERROR,
  /** A keyring that could not be read, or not used: the one from before goes on. */
  'keyring-not-renewed': ERROR,
  'task-finished': { task: 'name', durationMs: 'number' },
  'purge-batch-finished': { purged: 'number', purgedSoFar: 'number' },
  'purge-stopped': { reason: 'name', purged: 'number', due: 'number' },
  'reencryption-batch-finished': { rewritten: 'number', rewrittenSoFar: 'number' },
  'reencryption-trouble-met': { businessId: 'id', customerId: 'id', trouble: 'name' },
  'reencryption-stopped': { outcome: 'name', rewritten: 'number', left: 'number', troubles: 'number' },
  'migration-applied': { migration: 'name', durationMs: 'number' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

/** On every line of an invocation. */
export const LOG_CONTEXT = { requestId: 'id', useCase: 'name' } as const satisfies Readonly<
  Record<string, FieldKind>
>;

type Held<K> = K extends 'number' ? number : string;
type Fields<S> = {
  -readonly [N in keyof S as S[N] extends `${string}?` ? never : N]: Held<S[N]>;
} & { -readonly [N in keyof S as S[N] extends `${string}?` ? N : never]?: Held<S[N]> };

/** The fields of each event, as TypeScript knows them. */
export type LogEvents = { [E in keyof typeof LOG_EVENTS]: Fields<(typeof LOG_EVENTS)[E]> };
export type LogContext = Readonly<Fields<typeof LOG_CONTEXT>>;
/** An error as it may be told. */
export type ErrorFields = LogEvents['defect'];
