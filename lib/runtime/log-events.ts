/**
 * What a field of a log line may hold: `number`; `name`, a word of ours without spaces; `route`, method and template;
 * `id`, of a request or a document; `subject`, whom a token names; `frames`, where an error came from; `names` and `ids`,
 * lists of them. With a question mark the field may be missing.
 * None of them has room for an email, a phone, a sentence or an object: `redaction.ts` says how it is checked.
 */
export type FieldKind =
  'number' | 'number?' | 'name' | 'name?' | 'names' | 'route' | 'id' | 'id?' | 'ids' | 'subject?' | 'frames?';

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
  'histories-checked': { checked: 'number', checkedSoFar: 'number' },
  'history-flawed': { businessId: 'id', customerId: 'id', trouble: 'name' },
  'verification-stopped': { outcome: 'name', checked: 'number', flawed: 'number' },
  'migration-applied': { migration: 'name', durationMs: 'number' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

const ACCESS = {
  purpose: 'name',
  /** Missing when the token names nobody. */
  actor: 'subject?',
  /** Missing when the token gives no single role in the business. */
  role: 'name?',
  /** The business that was named; missing when that was none. */
  business: 'id?',
  outcome: 'name',
  status: 'number',
  code: 'name?',
  /** The parameters that were given to search by. */
  filters: 'names',
  /** What the answer holds of each customer, or of the settings. */
  fields: 'names',
  /** Those of them that the role sees masked. */
  masked: 'names',
  /** How many customers, where they are too many to be named: of an export. */
  count: 'number?',
  /** Whom it showed, or of a denial who was asked for. Last, as a log query looks at a line's first 200 values only. */
  customers: 'ids',
} as const;

/** The access log, for the privacy officer: who saw or was refused whom, and what for. Ids and names, never a value. */
export const ACCESS_EVENTS = {
  'customer-accessed': ACCESS,
  'access-denied': ACCESS,
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

/** On every line of an invocation. */
export const LOG_CONTEXT = { requestId: 'id', useCase: 'name' } as const satisfies Readonly<
  Record<string, FieldKind>
>;

type Held<K> = K extends 'number' | 'number?'
  ? number
  : K extends 'names' | 'ids'
    ? readonly string[]
    : string;
type Fields<S> = {
  -readonly [N in keyof S as S[N] extends `${string}?` ? never : N]: Held<S[N]>;
} & { -readonly [N in keyof S as S[N] extends `${string}?` ? N : never]?: Held<S[N]> };

/** The fields of each event, as TypeScript knows them. */
export type LogEvents = { [E in keyof typeof LOG_EVENTS]: Fields<(typeof LOG_EVENTS)[E]> };
export type AccessEvents = { [E in keyof typeof ACCESS_EVENTS]: Fields<(typeof ACCESS_EVENTS)[E]> };
export type LogContext = Readonly<Fields<typeof LOG_CONTEXT>>;
/** An error as it may be told. */
export type ErrorFields = LogEvents['defect'];
