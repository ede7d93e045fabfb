/**
 * What a field of a log line may contain:
 * - `number`
 * - `name`: a word of the code, without spaces
 * - `route`: a method and a path template
 * - `id`: of a document
 * - `request`: of a request, as API Gateway or Lambda made it
 * - `subject`: the subject of a token
 * - `frames`: the stack frames of an error
 * - `names`, `ids`: lists
 *
 * A question mark means that the field may be missing. No kind allows an email, a phone, a sentence or an object.
 * `redaction.ts` checks this.
 */
export type FieldKind =
  | 'number'
  | 'number?'
  | 'name'
  | 'name?'
  | 'names'
  | 'route'
  | 'id'
  | 'id?'
  | 'ids'
  | 'request'
  | 'request?'
  | 'subject?'
  | 'frames?';

const ERROR = { error: 'name', code: 'name?', cause: 'name?', frames: 'frames?' } as const;

/**
 * Every event that the service may log, named in the past tense, with its fields. The compiler checks calls against
 * this list, and `redaction.ts` checks each line before it is written.
 */
export const LOG_EVENTS = {
  'request-answered': { route: 'route', status: 'number', durationMs: 'number' },
  'request-refused': { route: 'route', status: 'number', code: 'name', durationMs: 'number' },
  defect: ERROR,
  'process-failed': ERROR,
  'process-warned': ERROR,
  'database-connected': { durationMs: 'number' },
  'database-unavailable': ERROR,
  /** The answer to a bulk could not be recorded. It was sent, and the same bulk again does nothing twice. */
  'answer-not-recorded': ERROR,
  /** The rate limit of a business could not be read. Its request was served. */
  'rate-limit-unread': ERROR,
  /** A read failed because of the database and is tried again within the same request. */
  'read-failed': ERROR,
  /** A call to a business that the caller is no member of. It is not in the access log, which is the business's record. */
  'stranger-refused': { actor: 'subject?', code: 'name' },
  /** A refused call could not be counted. It was refused all the same. */
  'refusal-uncounted': ERROR,
  /** A caller used up a limit of its own: `refusals` of its calls, or `misses` of a role that sees masked fields. */
  'caller-denied-often': { limit: 'name', actor: 'subject?', businessId: 'id?' },
  /** The keyring could not be read again, or the new one cannot be used. The previous one stays in use. */
  'keyring-not-renewed': ERROR,
  /** An event of another service was handled. */
  'event-handled': { eventId: 'id', businessId: 'id', outcome: 'name', durationMs: 'number' },
  /**
   * A message was not handled. It comes again, and goes to the dead-letter queue in the end. `place` is a place in the event. The ids
   * are missing when the event has none that can be read.
   */
  'event-failed': {
    code: 'name',
    place: 'name?',
    eventId: 'id?',
    businessId: 'id?',
    receives: 'number',
    durationMs: 'number',
  },
  'task-finished': { task: 'name', durationMs: 'number' },
  'erasures-finished': { erased: 'number' },
  'erasures-ledgered': { ledgered: 'number' },
  'ledger-file-replayed': { lines: 'number', returned: 'number' },
  'replay-stopped': { outcome: 'name', files: 'number', lines: 'number', returned: 'number' },
  'archive-kept': {
    outcome: 'name',
    moved: 'number',
    returned: 'number',
    waiting: 'number',
    troubled: 'number',
  },
  /** A customer's object in the archive cannot be stored or read. Nothing of the customer was changed. */
  'archive-troubled': { businessId: 'id', customerId: 'id', trouble: 'name' },
  /** A commit has put events into the outbox. Written at most once a second; it hastens `relay-events`. */
  'outbox-filled': {},
  'events-relayed': { outcome: 'name', published: 'number', refused: 'number' },
  /** The bus refused an event, or it cannot be made. Later events of this customer wait for it. */
  'event-refused': { businessId: 'id', customerId: 'id', event: 'id', code: 'name' },
  /** The bus did not answer, or forbids the call. The events wait. */
  'bus-failed': ERROR,
  'purge-batch-finished': { purged: 'number', purgedSoFar: 'number' },
  'purge-stopped': { reason: 'name', purged: 'number', due: 'number' },
  'reencryption-batch-finished': { rewritten: 'number', rewrittenSoFar: 'number' },
  'reencryption-trouble-met': { businessId: 'id', customerId: 'id', trouble: 'name' },
  'reencryption-stopped': { outcome: 'name', rewritten: 'number', left: 'number', troubles: 'number' },
  'histories-checked': { checked: 'number', checkedSoFar: 'number' },
  'history-flawed': { businessId: 'id', customerId: 'id', trouble: 'name' },
  'verification-stopped': { outcome: 'name', checked: 'number', former: 'number', flawed: 'number' },
  'activity-recounted': { counted: 'number', different: 'number' },
  'migration-applied': { migration: 'name', durationMs: 'number' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

const ACCESS = {
  purpose: 'name',
  /** The subject of the token. Missing when the token has none. */
  actor: 'subject?',
  /** Missing when the token does not name exactly one known role for the business. */
  role: 'name?',
  /** The business that the request names. Missing when it names none. */
  business: 'id?',
  outcome: 'name',
  status: 'number',
  code: 'name?',
  /** The names of the query parameters that filtered the result. */
  filters: 'names',
  /** The fields of the customers, or of the settings, that the answer shows. */
  fields: 'names',
  /** Those of the fields that the role sees masked. */
  masked: 'names',
  /** The number of customers in an export, which has too many to list them. */
  count: 'number?',
  /**
   * The customers that the answer shows, or the one that a denied request asked for. This field is last, because a log
   * query reads only the first 200 values of a line.
   */
  customers: 'ids',
} as const;

/** The new end of a customer's history. It is kept where those who can write to the database cannot change it. */
const EXTENSION = {
  business: 'id',
  customer: 'id',
  /** The number of the newest entry. */
  number: 'number',
  /** The HMAC of the head, in hexadecimal digits. It contains no personal value. */
  head: 'id',
  /** The ids of the master keys that the history needs, the one of the head first. */
  keyIds: 'ids',
} as const;

/** The events of the access log, for the privacy officer: who saw which customers or was refused, and what for. */
export const ACCESS_EVENTS = {
  'customer-accessed': ACCESS,
  'access-denied': ACCESS,
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

/** Kept with the access log: each extension of a history. It shows later whether the database was set back. */
export const HISTORY_EVENTS = {
  'history-extended': EXTENSION,
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

/** Fields of every line of an invocation. */
export const LOG_CONTEXT = {
  /** The id of the request, in its answer too: the gateway's, or Lambda's for what no request started. */
  requestId: 'request',
  /** Lambda's own id, which the platform's lines have. Only a request has both. */
  invocationId: 'request?',
  useCase: 'name',
} as const satisfies Readonly<Record<string, FieldKind>>;

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
export type HistoryEvents = { [E in keyof typeof HISTORY_EVENTS]: Fields<(typeof HISTORY_EVENTS)[E]> };
export type LogContext = Readonly<Fields<typeof LOG_CONTEXT>>;
/** What may be logged about an error. */
export type ErrorFields = LogEvents['defect'];
