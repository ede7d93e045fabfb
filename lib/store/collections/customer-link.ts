import { Schema, type Types } from 'mongoose';
import type { Spend } from '#lib/domain/activity/counts.ts';
import type { CustomerType } from '#lib/domain/customers/customer-details.ts';
import type { CustomerState, WrittenState } from '#lib/domain/customers/customer-state.ts';
import { defineCollection, RECORD_TIME } from './define-collection.ts';

/** By what a customer that was merged into another is found. The link of the survivor has one for each. */
export type Absorbed = {
  loserId: Types.ObjectId;
  emailKeys: Buffer[];
  phoneKeys: Buffer[];
  searchTokens: Buffer[];
};

/** Links a customer to a business. Every read of a customer starts here. Only the names in sort keys are in clear. */
export type CustomerLinkDocument = {
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  customerId: Types.ObjectId;
  state: CustomerState;
  version: number;
  customerType: CustomerType;
  createdAt: Date;
  updatedAt: Date;
  emailKeys?: Buffer[];
  phoneKeys?: Buffer[];
  holdsEmail: boolean;
  holdsPhone: boolean;
  /** It has no email or phone of its own: its keys are only those of customers that were merged into it. Absent otherwise. */
  lentEmail?: true;
  lentPhone?: true;
  createdKey: string;
  updatedKey: string;
  nameKey: string;
  firstKey: string;
  searchTokens: Buffer[];
  /** For finding possible duplicates. Empty for a deleted customer; absent in an older link that was not rewritten yet. */
  matchKeys?: Buffer[];
  restoreTo?: WrittenState;
  purgeAfter?: Date;
  /** It must be kept for a court or an authority: no purge, no merge. Absent when it is not held. */
  legalHold?: boolean;
  heldSince?: Date;
  /** Why, sealed. */
  holdReason?: Buffer;
  /** What the archive has of it left the database: its note is null. Absent when it is here. */
  away?: true;
  /** The customer that this one was merged into. */
  mergedInto?: Types.ObjectId;
  /** On a survivor only. Its `emailKeys`, `phoneKeys` and `searchTokens` also have all of these. */
  absorbed?: Absorbed[];
  /** What the customer has granted and refused, and by what it may be reached: `marketing:email`. Absent: nothing was said. */
  granted?: string[];
  refused?: string[];
  mayReach?: string[];
  /** What its orders and payments amount to, and those of everybody who was merged into it. Absent in an older link: nothing. */
  orderCount?: number;
  visitCount?: number;
  cancelledCount?: number;
  spend?: Spend[];
  /** When the first and the last of its orders and of its visits began. */
  firstOrderAt?: Date;
  lastOrderAt?: Date;
  firstVisitAt?: Date;
  lastVisitAt?: Date;
  /** The sort key of the last visit. Absent: there was none. */
  visitKey?: string;
  /** How often these totals changed. An update that is made of them names it, so that none is lost. */
  folds?: number;
  /** How the customer wants to be served: sealed JSON. */
  preferences?: Buffer;
  /** The sealed SHA-256 of the request body that created the customer. */
  bodyDigest?: Buffer;
  /** The number and the hash of the newest entry of the history. */
  auditSeq: number;
  auditHead: Buffer;
  /** Seals them together with state and version. Absent: the newest entry was written by an earlier version. */
  auditSeal?: Buffer;
  /** The master keys that the customer, this link and the history need: lib/privacy/key-use.ts. Absent: unknown. */
  keyUse?: string;
};

type Counts = Pick<CustomerLinkDocument, 'orderCount' | 'visitCount' | 'cancelledCount' | 'spend' | 'folds'>;

/** What a link says of orders and payments while there are none. */
export const noCounts = (): Required<Counts> => ({
  orderCount: 0,
  visitCount: 0,
  cancelledCount: 0,
  spend: [],
  folds: 0,
});

/** Unique indexes. The name in a duplicate key error shows which rule a write broke. */
export const OWNER_EMAIL_INDEX = 'owner_email_unique';
export const OWNER_PHONE_INDEX = 'owner_phone_unique';

/** Orders the customers of a business by id. */
export const BUSINESS_CUSTOMER_INDEX = 'business_customer_unique';

/** For counting by type and state: it covers these queries. */
export const TYPE_STATE_INDEX = 'business_type_state';

/** For searching by phrase: by its tokens, or by a whole email or phone. */
export const SEARCH_INDEX = 'business_search';
export const EMAIL_INDEX = 'business_email';
export const PHONE_INDEX = 'business_phone';

/** For finding possible duplicates. */
export const MATCH_INDEX = 'business_match';

/** A customer belongs to one business, so it has one link. */
export const CUSTOMER_INDEX = 'one_link_unique';

/** The customers that were merged into a given one. */
export const MERGED_INDEX = 'business_merged_into';

/** The customers who may be reached for a purpose by a channel, in the order of their creation. */
export const REACH_INDEX = 'business_may_reach';

/** The customers who came, in the order of their last visits. */
export const VISIT_INDEX = 'business_visit';

/** The customers who came for the first time in a given time. */
export const FIRST_VISIT_INDEX = 'business_first_visit';

/** For counting the customers of a segment: it covers these queries. */
export const COUNT_INDEX = 'business_counts';

/** The customers whose archived part is away. */
export const AWAY_INDEX = 'away';

/** The customers of all businesses that are due to be purged, longest due first. */
export const PURGE_INDEX = 'purge_due';

/** The link's sort keys, one for each order. Each is unique, so a page needs only one bound on one of them. */
const ORDER_KEYS = ['createdKey', 'updatedKey', 'nameKey', 'firstKey'] as const;

/** The name of the index that orders the customers of a business, or those in one state, by a sort key. */
export const orderIndex = (key: (typeof ORDER_KEYS)[number], only?: 'state'): string =>
  only === undefined ? `business_${key}` : `business_state_${key}`;

export const customerLink = defineCollection<CustomerLinkDocument>({
  schema: () =>
    new Schema(
      {
        businessId: Schema.Types.ObjectId,
        customerId: Schema.Types.ObjectId,
        state: String,
        version: Number,
        customerType: String,
        createdAt: Date,
        updatedAt: Date,
        emailKeys: { type: [Buffer], default: undefined },
        phoneKeys: { type: [Buffer], default: undefined },
        holdsEmail: Boolean,
        holdsPhone: Boolean,
        lentEmail: Boolean,
        lentPhone: Boolean,
        createdKey: String,
        updatedKey: String,
        nameKey: String,
        firstKey: String,
        searchTokens: [Buffer],
        matchKeys: { type: [Buffer], default: undefined },
        restoreTo: String,
        purgeAfter: Date,
        legalHold: Boolean,
        heldSince: Date,
        holdReason: Buffer,
        away: Boolean,
        mergedInto: Schema.Types.ObjectId,
        absorbed: {
          type: [
            new Schema(
              {
                loserId: Schema.Types.ObjectId,
                emailKeys: [Buffer],
                phoneKeys: [Buffer],
                searchTokens: [Buffer],
              },
              { _id: false },
            ),
          ],
          default: undefined,
        },
        granted: { type: [String], default: undefined },
        refused: { type: [String], default: undefined },
        mayReach: { type: [String], default: undefined },
        orderCount: Number,
        visitCount: Number,
        cancelledCount: Number,
        spend: {
          type: [
            new Schema(
              { currency: String, paid: Number, refunded: Number, payments: Number },
              { _id: false },
            ),
          ],
          default: undefined,
        },
        firstOrderAt: Date,
        lastOrderAt: Date,
        firstVisitAt: Date,
        lastVisitAt: Date,
        visitKey: String,
        folds: Number,
        preferences: Buffer,
        bodyDigest: Buffer,
        auditSeq: Number,
        auditHead: Buffer,
        auditSeal: Buffer,
        keyUse: String,
      },
      { versionKey: false },
    ),
  indexes: [
    { name: BUSINESS_CUSTOMER_INDEX, key: { businessId: 1, customerId: 1 }, unique: true },
    { name: CUSTOMER_INDEX, key: { customerId: 1 }, unique: true },
    {
      name: OWNER_EMAIL_INDEX,
      key: { businessId: 1, emailKeys: 1 },
      unique: true,
      partialFilterExpression: { holdsEmail: true, emailKeys: { $exists: true } },
    },
    { name: EMAIL_INDEX, key: { businessId: 1, emailKeys: 1, createdKey: 1 } },
    {
      name: OWNER_PHONE_INDEX,
      key: { businessId: 1, phoneKeys: 1 },
      unique: true,
      partialFilterExpression: { holdsPhone: true, phoneKeys: { $exists: true } },
    },
    { name: PHONE_INDEX, key: { businessId: 1, phoneKeys: 1, createdKey: 1 } },
    ...ORDER_KEYS.flatMap((key) => [
      { name: orderIndex(key), key: { businessId: 1, [key]: 1 } as const },
      { name: orderIndex(key, 'state'), key: { businessId: 1, state: 1, [key]: 1 } as const },
    ]),
    { name: SEARCH_INDEX, key: { businessId: 1, searchTokens: 1, createdKey: 1 } },
    { name: MATCH_INDEX, key: { businessId: 1, matchKeys: 1 } },
    {
      name: MERGED_INDEX,
      key: { businessId: 1, mergedInto: 1 },
      partialFilterExpression: { mergedInto: { $exists: true } },
    },
    {
      name: REACH_INDEX,
      key: { businessId: 1, mayReach: 1, createdKey: 1 },
      // Most customers have said nothing yet.
      partialFilterExpression: { mayReach: { $exists: true } },
    },
    {
      name: VISIT_INDEX,
      key: { businessId: 1, visitKey: 1 },
      // Without these filters, each customer who never came would cost an entry.
      partialFilterExpression: { visitKey: { $exists: true } },
    },
    {
      name: FIRST_VISIT_INDEX,
      key: { businessId: 1, firstVisitAt: 1 },
      partialFilterExpression: { firstVisitAt: { $exists: true } },
    },
    {
      name: COUNT_INDEX,
      key: { businessId: 1, state: 1, customerType: 1, visitCount: 1, visitKey: 1, createdKey: 1 },
    },
    {
      name: AWAY_INDEX,
      key: { away: 1, businessId: 1, customerId: 1 },
      partialFilterExpression: { away: true },
    },
    { name: TYPE_STATE_INDEX, key: { businessId: 1, customerType: 1, state: 1 } },
    {
      name: PURGE_INDEX,
      key: { purgeAfter: 1, customerId: 1 },
      partialFilterExpression: { purgeAfter: { $exists: true } },
    },
    { name: 'key_use', key: { keyUse: 1, businessId: 1, customerId: 1 } },
  ],
  owner: 'businessId',
  person: {
    foundBy: 'customerId',
    erasing: { by: 'begin' },
    exported: {
      under: '15',
      as: 'record',
      shows: ['legalHold', 'heldSince', 'preferences'],
      withholds: [
        {
          fields: ['state', 'version', 'customerType', 'createdAt', 'updatedAt', 'restoreTo'],
          why: 'copies of what the record shows',
        },
        {
          fields: [
            'emailKeys',
            'phoneKeys',
            'holdsEmail',
            'holdsPhone',
            'lentEmail',
            'lentPhone',
            'createdKey',
            'updatedKey',
            'nameKey',
            'firstKey',
            'searchTokens',
            'matchKeys',
            'absorbed',
          ],
          why: 'made of the record, to find, sort and compare it',
        },
        { fields: ['granted', 'refused', 'mayReach'], why: 'made of the consents, which are shown' },
        {
          fields: [
            ...(['orderCount', 'visitCount', 'cancelledCount', 'spend', 'visitKey', 'folds'] as const),
            ...(['firstOrderAt', 'lastOrderAt', 'firstVisitAt', 'lastVisitAt'] as const),
          ],
          why: 'made of the orders and payments',
        },
        { fields: ['holdReason'], why: 'a copy of the reason in the history, which is shown' },
        {
          fields: [
            'mergedInto',
            'purgeAfter',
            'bodyDigest',
            'auditSeq',
            'auditHead',
            'auditSeal',
            'keyUse',
            'away',
          ],
          why: 'bookkeeping of the service, which tells nothing more of the person',
        },
      ],
    },
    archiving: { by: 'copying' },
    holds: 'how the customer is found and sorted, and whether it is under a legal hold',
    keptUntil: RECORD_TIME,
  },
  kinds: {
    _id: 'technical',
    businessId: 'technical',
    customerId: 'technical',
    state: 'technical',
    version: 'technical',
    customerType: 'technical',
    createdAt: 'technical',
    updatedAt: 'technical',
    emailKeys: 'keyed',
    phoneKeys: 'keyed',
    holdsEmail: 'technical',
    holdsPhone: 'technical',
    lentEmail: 'technical',
    lentPhone: 'technical',
    createdKey: 'technical',
    updatedKey: 'technical',
    nameKey: 'clear',
    firstKey: 'clear',
    searchTokens: 'keyed',
    matchKeys: 'keyed',
    restoreTo: 'technical',
    purgeAfter: 'technical',
    legalHold: 'technical',
    heldSince: 'technical',
    holdReason: 'sealed',
    away: 'technical',
    mergedInto: 'technical',
    absorbed: { loserId: 'technical', emailKeys: 'keyed', phoneKeys: 'keyed', searchTokens: 'keyed' },
    granted: 'technical',
    refused: 'technical',
    mayReach: 'technical',
    orderCount: 'technical',
    visitCount: 'technical',
    cancelledCount: 'technical',
    spend: { currency: 'technical', paid: 'technical', refunded: 'technical', payments: 'technical' },
    firstOrderAt: 'technical',
    lastOrderAt: 'technical',
    firstVisitAt: 'technical',
    lastVisitAt: 'technical',
    visitKey: 'technical',
    folds: 'technical',
    preferences: 'sealed',
    bodyDigest: 'sealed',
    auditSeq: 'technical',
    auditHead: 'keyed',
    auditSeal: 'keyed',
    keyUse: 'technical',
  },
});
