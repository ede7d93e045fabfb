/** Why a customer was erased: somebody asked for it, or its retention time was over. */
export type ErasureCause = 'request' | 'retention';

/** The grounds of GDPR, Article 17 (1), on which an erasure is asked for; `request` when the person gave none. */
export const ERASURE_GROUNDS = [
  'request',
  'consent-withdrawn',
  'objection',
  'no-longer-needed',
  'unlawful',
  'legal-obligation',
] as const;
export type ErasureGround = (typeof ERASURE_GROUNDS)[number];

/** How much of a customer one place had, and how much of it is left. */
export type PlaceCount = Readonly<{ place: string; found: number; left: number }>;

/** An erasure as the ledger outside of the database has it: ids, times and the head of the history only. */
export type LedgerEntry = Readonly<{
  businessId: string;
  customerId: string;
  at: Date;
  cause: ErasureCause;
  auditSeq: number;
  /** In hexadecimal digits. */
  auditHead: string;
}>;

/** The state of an erasure: ids, times and counts, never a value. */
export type Erasure = Readonly<{
  /** The id that the customer had. */
  id: string;
  cause: ErasureCause;
  ground: ErasureGround | null;
  requestedAt: Date;
  /** Null until every place was swept and found empty. */
  finishedAt: Date | null;
  places: readonly PlaceCount[];
  isLedgered: boolean;
  /** The services that have confirmed it, in the order in which they did. */
  confirmedBy: readonly Confirmation[];
}>;

/** A service that has removed its copies of the customer, and when it did. */
export type Confirmation = Readonly<{ service: string; at: Date }>;

/** The confirmations with one more; null when the service has confirmed already: the first time counts. */
export const confirmedAlso = (
  { confirmedBy }: Pick<Erasure, 'confirmedBy'>,
  confirmation: Confirmation,
): readonly Confirmation[] | null =>
  confirmedBy.some(({ service }) => service === confirmation.service) ? null : [...confirmedBy, confirmation];
