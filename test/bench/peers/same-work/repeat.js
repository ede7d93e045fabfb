import { ObjectId } from 'mongodb';
import { Refusal } from '../../../../lib/domain/errors.ts';
import { openText, sealText } from '../../../../lib/privacy/field-cipher.ts';
import { idempotencyIds, isPayloadHash, payloadHash } from '../../../../lib/privacy/payload-hash.ts';
import { bytesOf } from './stored-customer.js';

const KEPT_MS = 24 * 60 * 60 * 1_000;
const placeOf = (id) => ({ collection: 'idempotency', id: Buffer.from(id).toString('hex') });

/** The ids that the answer to a request with an Idempotency-Key is recorded under. */
export const idsOf = ({ key }, { keys, scope }) =>
  idempotencyIds(keys, { route: 'create-customer', actorId: scope.actorId, key });

/** The recorded answer, opened. */
export const openAnswer = (record, { payload }, keys) => {
  if (!isPayloadHash(keys, payload, bytesOf(record.payloadHash)))
    throw new Refusal('idempotency-key-reused', 'This Idempotency-Key was used for another request.');
  return JSON.parse(openText(keys, placeOf(bytesOf(record._id)), bytesOf(record.answer)));
};

/** An answer, to be recorded with the change that it tells of. */
export const recordOf = (answer, repeatable, { keys, scope }) => {
  const [_id] = idsOf(repeatable, { keys, scope });
  return {
    _id,
    businessId: new ObjectId(scope.businessId),
    payloadHash: payloadHash(keys, repeatable.payload),
    answer: sealText(keys, placeOf(_id), JSON.stringify(answer)),
    keyId: keys.currentKeyId,
    expiresAt: new Date(Date.now() + KEPT_MS),
  };
};
