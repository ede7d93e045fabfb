/** The codes of contract.md's refusals. Clients switch on them, so they never change meaning. */
export type RefusalCode =
  | 'invalid-request'
  | 'unknown-field'
  | 'malformed-json'
  | 'business-required'
  | 'duplicate-email'
  | 'duplicate-phone'
  | 'id-taken'
  | 'page-too-large'
  | 'not-permitted'
  | 'not-a-member'
  | 'customer-not-found'
  | 'illegal-transition'
  | 'legal-hold'
  | 'request-in-progress'
  | 'stale-version'
  | 'version-required'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'idempotency-key-reused'
  | 'rate-limited';

/** One finding about one place of the input. It names the place and the rule, never the value. */
export type Violation = Readonly<{
  in: 'body' | 'query' | 'path' | 'header';
  /** JSON pointer into that part, as `#/email`. */
  pointer: string;
  /** Machine-readable name of the rule, as `email-format`. */
  error: string;
  /** What is wrong and what to do, for a person. */
  message: string;
}>;

/** What a refusal may tell beside its code: only things the caller's own business owns. */
export type RefusalDetails = Readonly<{
  violations?: readonly Violation[];
  /** The live customer of the caller's business that already has the email or phone. */
  existing?: Readonly<{ _id: string; state: string }>;
  /** The version the caller should have named. */
  currentVersion?: string;
  retryAfterSeconds?: number;
  /** How many requests a business may have at once, and when it may have all of them again. */
  rateLimit?: Readonly<{ limit: number; resetSeconds: number }>;
  /** A page size that would fit. */
  fittingPageSize?: number;
}>;

/** A rule said no. Nothing was written; `message` is for the person who made the request. */
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

/** Something the service leans on did not answer in time; the same request may work later. */
export class Unavailable extends Error {
  readonly retryAfterSeconds: number;

  constructor(message: string, options: { retryAfterSeconds?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'Unavailable';
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}
