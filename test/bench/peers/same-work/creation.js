import { ObjectId } from 'mongodb';
import { stateOf } from '../../../../lib/domain/customer.ts';
import { foldName } from '../../../../lib/domain/folding.ts';
import { uniquenessHeld } from '../../../../lib/domain/settings.ts';
import { auditHash } from '../../../../lib/privacy/audit-chain.ts';
import { emailKeys, phoneKeys } from '../../../../lib/privacy/blind-index.ts';
import { sealText } from '../../../../lib/privacy/field-cipher.ts';
import { keyUseOf } from '../../../../lib/privacy/key-use.ts';
import { matchKeys } from '../../../../lib/privacy/match-keys.ts';
import { canonicalJson, textDigest } from '../../../../lib/privacy/payload-hash.ts';
import { customerTokens } from '../../../../lib/privacy/search-tokens.ts';
import { toDocument } from './stored-customer.js';

const timeKey = (at, id) => `${String(at.getTime()).padStart(13, '0')}${id}`;
const textKey = (words, id) => `${foldName(words.filter((word) => word !== null).join(' '))}\u0000${id}`;
const NAMES = ['firstName', 'lastName', 'phone', 'email', 'note'];

/** What the link repeats of a customer, for lists, look-ups, search and uniqueness. */
const mirrorOf = (customer, { keys, settings }) => {
  const { id, firstName, lastName, email, phone, createdAt, updatedAt } = customer;
  return {
    state: stateOf(customer),
    version: customer.version,
    customerType: customer.customerType,
    createdAt,
    updatedAt,
    holdsEmail: email !== null && uniquenessHeld(settings.uniqueEmail),
    holdsPhone: phone !== null && uniquenessHeld(settings.uniquePhone),
    createdKey: timeKey(createdAt, id),
    updatedKey: timeKey(updatedAt, id),
    nameKey: textKey([lastName, firstName], id),
    firstKey: textKey([firstName, lastName], id),
    searchTokens: customerTokens(keys, customer),
    matchKeys: matchKeys(keys, customer),
    ...(email !== null && { emailKeys: emailKeys(keys, email) }),
    ...(phone !== null && { phoneKeys: phoneKeys(keys, phone) }),
  };
};

/** The first entry of a customer's history. */
const auditOf = (customer, { keys, scope }) => {
  const entry = {
    seq: 1,
    at: customer.createdAt,
    businessId: scope.businessId,
    customerId: customer.id,
    actor: scope.actorId,
    role: scope.role,
    purpose: scope.purpose,
    requestId: scope.requestId,
    action: 'create-customer',
    fields: [...NAMES.filter((name) => customer[name] !== null), 'customerType', 'state'],
    keyId: keys.currentKeyId,
    from: null,
    to: stateOf(customer),
  };
  const ids = { businessId: new ObjectId(scope.businessId), customerId: new ObjectId(customer.id) };
  return { ...entry, ...ids, _id: new ObjectId(), hash: auditHash(keys, entry, null) };
};

/** Everything that a new customer leaves in the database, but for the recorded answer. */
export const recordsOf = (customer, draft, { keys, scope, settings }) => {
  const { businessId, customerId, seq, hash, ...audit } = auditOf(customer, { keys, scope });
  const ids = { businessId, customerId };
  const sealedAt = { collection: 'customer_link', id: customer.id };
  return {
    customer: toDocument(customer, keys),
    customer_audit: { ...audit, ...ids, seq, hash },
    customer_link: {
      _id: new ObjectId(),
      ...ids,
      relation: 'owner',
      ...mirrorOf(customer, { keys, settings }),
      bodyDigest: sealText(keys, sealedAt, textDigest(canonicalJson(draft))),
      auditSeq: seq,
      auditHead: hash,
      keyUse: keyUseOf(keys),
    },
    outbox: {
      _id: new ObjectId(),
      type: 'customer-created',
      ...ids,
      version: customer.version,
      state: stateOf(customer),
      at: customer.updatedAt,
      pending: true,
    },
  };
};
