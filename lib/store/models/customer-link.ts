import { Schema, type Types } from 'mongoose';
import type { CustomerType } from '#lib/domain/customer.ts';
import type { CustomerState, WrittenState } from '#lib/domain/customer-state.ts';
import type { IndexDeclaration } from './index-declaration.ts';

/** How a customer belongs to a business; every read starts here. No personal data in clear but the sort keys' names. */
export type CustomerLinkDocument = {
  _id: Types.ObjectId;
  businessId: Types.ObjectId;
  customerId: Types.ObjectId;
  relation: 'owner' | 'guest';
  state: CustomerState;
  version: number;
  customerType: CustomerType;
  createdAt: Date;
  updatedAt: Date;
  emailKeys?: Buffer[];
  phoneKeys?: Buffer[];
  holdsEmail: boolean;
  holdsPhone: boolean;
  createdKey: string;
  updatedKey: string;
  nameKey: string;
  firstKey: string;
  searchTokens: Buffer[];
  /** What possible duplicates are found by. Empty when deleted; absent until an older customer is written anew. */
  matchKeys?: Buffer[];
  restoreTo?: WrittenState;
  purgeAfter?: Date;
  legalHold?: boolean;
  /** The customer that this one was merged into. */
  mergedInto?: Types.ObjectId;
  /** The sealed SHA-256 of the body it was created from. */
  bodyDigest?: Buffer;
  auditSeq: number;
  auditHead: Buffer;
  /** Which master keys the customer, this link and the audit lean on: lib/privacy/key-use.ts. Absent: nobody knows. */
  keyUse?: string;
};

export const customerLinkSchema = (): Schema =>
  new Schema(
    {
      businessId: Schema.Types.ObjectId,
      customerId: Schema.Types.ObjectId,
      relation: String,
      state: String,
      version: Number,
      customerType: String,
      createdAt: Date,
      updatedAt: Date,
      emailKeys: { type: [Buffer], default: undefined },
      phoneKeys: { type: [Buffer], default: undefined },
      holdsEmail: Boolean,
      holdsPhone: Boolean,
      createdKey: String,
      updatedKey: String,
      nameKey: String,
      firstKey: String,
      searchTokens: [Buffer],
      matchKeys: { type: [Buffer], default: undefined },
      restoreTo: String,
      purgeAfter: Date,
      legalHold: Boolean,
      mergedInto: Schema.Types.ObjectId,
      bodyDigest: Buffer,
      auditSeq: Number,
      auditHead: Buffer,
      keyUse: String,
    },
    { collection: 'customer_link', versionKey: false },
  );

/** The names by which a refused insert tells which rule it broke. */
export const OWNER_EMAIL_INDEX = 'owner_email_unique';
export const OWNER_PHONE_INDEX = 'owner_phone_unique';

/** The customers of a business in order of their ids. */
export const BUSINESS_CUSTOMER_INDEX = 'business_customer_unique';

/** By what types and states are counted: it holds all that is looked at. */
export const TYPE_STATE_INDEX = 'business_type_state';

/** What a phrase is found by, as tokens or as a whole. */
export const SEARCH_INDEX = 'business_search';
export const EMAIL_INDEX = 'business_email';
export const PHONE_INDEX = 'business_phone';

/** What possible duplicates are found by. */
export const MATCH_INDEX = 'business_match';

/** Who is due to be purged, in every business, longest due first. */
export const PURGE_INDEX = 'purge_due';

/** Sort orders, each with the link's unique string for it: a page is one bound on one of these. */
const ORDER_KEYS = ['createdKey', 'updatedKey', 'nameKey', 'firstKey'] as const;

/** The customers of a business, or those in one state, in the order of a key. */
export const orderIndex = (key: (typeof ORDER_KEYS)[number], only?: 'state'): string =>
  only === undefined ? `business_${key}` : `business_state_${key}`;

export const customerLinkIndexes: readonly IndexDeclaration[] = [
  { name: BUSINESS_CUSTOMER_INDEX, key: { businessId: 1, customerId: 1 }, unique: true },
  {
    name: 'customer_owner_unique',
    key: { customerId: 1 },
    unique: true,
    partialFilterExpression: { relation: 'owner' },
  },
  { name: 'customer', key: { customerId: 1, businessId: 1 } },
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
  { name: TYPE_STATE_INDEX, key: { businessId: 1, customerType: 1, state: 1 } },
  {
    name: PURGE_INDEX,
    key: { purgeAfter: 1, customerId: 1 },
    partialFilterExpression: { purgeAfter: { $exists: true } },
  },
  { name: 'key_use', key: { keyUse: 1, businessId: 1, customerId: 1 } },
];
