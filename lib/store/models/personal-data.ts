import type { Types } from 'mongoose';
import type { Documents } from './models.ts';

/** What a stored field is to privacy. */
export type DataKind =
  /** Personal, sealed with a key of the business. */
  | 'sealed'
  /** Made of personal data with a key of the business: an index, a token, a hash. Without the key it tells nothing. */
  | 'keyed'
  /** Personal and in clear: names only, because lists are sorted by them. */
  | 'clear'
  /** Not personal: ids, states, times, counts, names of fields. */
  | 'technical';

/** Only bytes are sealed or keyed, and only a text can be a name. */
type KindOf<V> = V extends Buffer | Buffer[]
  ? 'sealed' | 'keyed'
  : V extends string
    ? 'clear' | 'technical'
    : V extends Types.ObjectId | Date | number | boolean | null | string[]
      ? 'technical'
      : V extends readonly (infer Part)[]
        ? { readonly [P in keyof Part]: KindOf<Part[P]> }
        : never;

type Kinds<D> = { readonly [P in keyof D]-?: KindOf<NonNullable<D[P]>> };

const TIMELINE = { state: 'technical', setAt: 'technical' } as const;
const AUDIT_HEAD = { auditSeq: 'technical', auditHead: 'keyed', keyUse: 'technical' } as const;

/**
 * Every path of every collection. One that is missing, of a collection or a field that is new, does not compile; a test
 * compares the list with the schemas.
 */
export const personalData: { readonly [N in keyof Documents]: Kinds<Documents[N]> } = {
  customer: {
    _id: 'technical',
    firstName: 'clear',
    lastName: 'clear',
    phone: 'sealed',
    email: 'sealed',
    note: 'sealed',
    customerType: 'technical',
    stateHistory: TIMELINE,
    createdAt: 'technical',
    updatedAt: 'technical',
    __v: 'technical',
  },
  customer_link: {
    _id: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    relation: 'technical',
    state: 'technical',
    version: 'technical',
    customerType: 'technical',
    createdAt: 'technical',
    updatedAt: 'technical',
    emailKeys: 'keyed',
    phoneKeys: 'keyed',
    holdsEmail: 'technical',
    holdsPhone: 'technical',
    createdKey: 'technical',
    updatedKey: 'technical',
    nameKey: 'clear',
    firstKey: 'clear',
    searchTokens: 'keyed',
    matchKeys: 'keyed',
    restoreTo: 'technical',
    purgeAfter: 'technical',
    legalHold: 'technical',
    mergedInto: 'technical',
    bodyDigest: 'sealed',
    ...AUDIT_HEAD,
  },
  customer_audit: {
    _id: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    seq: 'technical',
    at: 'technical',
    actor: 'technical',
    role: 'technical',
    purpose: 'technical',
    requestId: 'technical',
    action: 'technical',
    fields: 'technical',
    from: 'technical',
    to: 'technical',
    reason: 'sealed',
    keyId: 'technical',
    hash: 'keyed',
  },
  outbox: {
    _id: 'technical',
    type: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    version: 'technical',
    state: 'technical',
    at: 'technical',
    pending: 'technical',
  },
  idempotency: {
    _id: 'keyed',
    businessId: 'technical',
    payloadHash: 'keyed',
    answer: 'sealed',
    keyId: 'technical',
    expiresAt: 'technical',
  },
  tombstone: { _id: 'technical', businessId: 'technical', at: 'technical' },
  erasure: {
    _id: 'technical',
    businessId: 'technical',
    at: 'technical',
    cause: 'technical',
    ...AUDIT_HEAD,
  },
  business_settings: {
    _id: 'technical',
    regularRequires: 'technical',
    uniqueEmail: 'technical',
    uniquePhone: 'technical',
    defaultCountry: 'technical',
    retentionDays: 'technical',
    version: 'technical',
    updatedAt: 'technical',
  },
  merge: {
    _id: 'technical',
    businessId: 'technical',
    survivorId: 'technical',
    given: 'sealed',
    expiresAt: 'technical',
  },
  rate_limit: { _id: 'technical', left: 'technical', at: 'technical', granted: 'technical' },
  key_rotation: { _id: 'technical', keyUse: 'technical', since: 'technical' },
  migration: { _id: 'technical', appliedAt: 'technical' },
};
