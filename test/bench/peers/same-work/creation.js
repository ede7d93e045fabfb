import { ObjectId } from 'mongodb';
import { stateOf } from '../../../../lib/domain/customers/customer.ts';
import { foldName } from '../../../../lib/domain/spelling/folding.ts';
import { uniquenessHeld } from '../../../../lib/domain/business/business-settings.ts';
import { historyHash } from '../../../../lib/privacy/history-chain.ts';
import { sealHead } from '../../../../lib/privacy/history-seal.ts';
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
  const _id = new ObjectId();
  const hashed = { ...entry, id: _id.toHexString(), form: 2, reasonCommitment: null };
  return { ...entry, ...ids, _id, form: 2, hash: historyHash(keys, hashed, null) };
};

/** Everything that a new customer leaves in the database, but for the recorded answer. */
export const recordsOf = (customer, draft, { keys, scope, settings }) => {
  const { businessId, customerId, seq, hash, ...audit } = auditOf(customer, { keys, scope });
  const ids = { businessId, customerId };
  const { id: ownId, version } = customer;
  const head = {
    businessId: scope.businessId,
    customerId: ownId,
    seq,
    hash,
    state: stateOf(customer),
    version,
  };
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
      auditSeal: sealHead(keys, head),
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
