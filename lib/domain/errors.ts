/** The codes of all refusals. Clients depend on them, so a code never changes its meaning. */
export type RefusalCode =
  | 'invalid-request'
  | 'unknown-field'
  | 'unknown-parameter'
  | 'malformed-json'
  | 'business-required'
  | 'duplicate-email'
  | 'duplicate-phone'
  | 'id-taken'
  | 'page-too-large'
  | 'not-permitted'
  | 'not-a-member'
  | 'unusable-subject'
  | 'customer-not-found'
  | 'segment-not-found'
  | 'name-taken'
  | 'too-many-segments'
  | 'illegal-transition'
  | 'legal-hold'
  | 'in-archive'
  | 'merged-into'
  | 'suppressed'
  | 'request-in-progress'
  | 'stale-version'
  | 'version-required'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'idempotency-key-reused'
  | 'rate-limited';

/** One violation at one place of the input. It names the place and the rule, never the value. */
export type Violation = Readonly<{
  in: 'body' | 'query' | 'path' | 'header';
  /** JSON pointer into that part, for example `#/email`. */
  pointer: string;
  /** Machine-readable name of the rule, for example `email-format`. */
  error: string;
  /** For people: what is wrong and what to do. */
  message: string;
}>;

/** A violation at a place of the body. */
export const bodyViolation = (pointer: string, error: string, message: string): Violation => ({
  in: 'body',
  pointer,
  error,
  message,
});

/** What a refusal may tell besides its code: only data of the caller's own business. */
export type RefusalDetails = Readonly<{
  violations?: readonly Violation[];
  /** The live customer of the caller's business that already has the email or phone. */
  existing?: Readonly<{ _id: string; state: string }>;
  /** The customer of the caller's business that a merged one was merged into. */
  survivorId?: string;
  /** The current version of the customer. */
  currentVersion?: string;
  retryAfterSeconds?: number;
  /** How many requests a business may send at once, and in how many seconds it may send all of them again. */
  rateLimit?: Readonly<{ limit: number; resetSeconds: number }>;
  /** A page size that fits into one answer. */
  fittingPageSize?: number;
}>;

/** A request that a rule does not allow. Nothing was written. `message` is for the person who sent the request. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly details: RefusalDetails;

  constructor(code: RefusalCode, message: string, details: RefusalDetails = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

/** A system that the service needs did not answer in time. The same request may succeed later. */
export class Unavailable extends Error {
  readonly retryAfterSeconds: number;
  /** Whether it stays so until an operator acts, so that trying again at once is of no use. */
  readonly isLasting: boolean;

  constructor(
    message: string,
    options: { retryAfterSeconds?: number; isLasting?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'Unavailable';
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
    this.isLasting = options.isLasting ?? false;
  }
}
