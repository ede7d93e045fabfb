import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { openText, sealText } from '#lib/privacy/field-cipher.ts';
import { idempotencyIds, isPayloadHash, payloadHash } from '#lib/privacy/payload-hash.ts';
import { bytesOf } from './bytes.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { keysOf, readWithKeys } from './keys.ts';
import { modelOf } from './models/models.ts';
import { stageFirst } from './unit-of-work.ts';

const KEPT_MS = 24 * 60 * 60 * 1_000;

/** What the caller may send twice: its key, where it was sent, and what was sent. */
export type Repeatable = Readonly<{ route: string; key: string; payload: string }>;

/**
 * The first answer to this key, if there is one.
 * @throws Refusal `idempotency-key-reused` when the key came with another payload
 */
export const findAnswer = async (request: Repeatable, scope: BusinessScope): Promise<string | null> => {
  const keys = await keysOf(scope);
  const ids = idempotencyIds(keys, { route: request.route, actorId: scope.actorId, key: request.key });
  const record = await modelOf(await connect(), 'idempotency')
    .findOne({
      _id: { $in: ids },
      businessId: new Types.ObjectId(scope.businessId),
      expiresAt: { $gt: new Date() },
    })
    .setOptions(askedBy(scope))
    .lean();
  if (record === null) return null;
  return await readWithKeys(scope, (known) => {
    const answer = openText(known, placeOf(bytesOf(record._id)), bytesOf(record.answer));
    if (isPayloadHash(known, request.payload, bytesOf(record.payloadHash))) return answer;
    throw new Refusal(
      'idempotency-key-reused',
      'This Idempotency-Key was used for another request. Use a new key for a new request.',
    );
  });
};

/**
 * Stages the answer under its key, before everything else: a race for one key is lost here first. While master keys are
 * rotated it has an id by each of them, so that environments which do not have the same current key meet in one.
 */
export const recordAnswer = async (
  request: Repeatable,
  answer: string,
  scope: BusinessScope,
): Promise<void> => {
  const keys = await keysOf(scope);
  const ids = idempotencyIds(keys, { route: request.route, actorId: scope.actorId, key: request.key });
  const record = {
    businessId: new Types.ObjectId(scope.businessId),
    payloadHash: payloadHash(keys, request.payload),
    keyId: keys.currentKeyId,
    expiresAt: new Date(Date.now() + KEPT_MS),
  };
  // The database removes what has expired a minute late or more.
  const inPlaceOf = { expiresAt: { $lte: new Date() } };
  for (const _id of ids) {
    const document = { _id, ...record, answer: sealText(keys, placeOf(_id), answer) };
    stageFirst(scope, { insertInto: 'idempotency', document, inPlaceOf }, inProgress);
  }
};

const inProgress = (): Promise<Error> =>
  Promise.resolve(
    new Refusal(
      'request-in-progress',
      'The same request is being answered right now. Ask again in a second.',
      { retryAfterSeconds: 1 },
    ),
  );

const placeOf = (id: Uint8Array) => ({ collection: 'idempotency', id: Buffer.from(id).toString('hex') });
