import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { customerNotFound, idempotencyKeyReused, requestInProgress } from '#lib/domain/refusals.ts';
import { openText, sealText } from '#lib/privacy/field-cipher.ts';
import { idempotencyIds, isPayloadHash, payloadHash } from '#lib/privacy/payload-hash.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { keysOf, readWithKeys } from '#lib/store/keys/request-keys.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { stageFirst } from '#lib/store/database/unit-of-work.ts';
import { erasedAmong } from '#lib/store/retention/erasure-records.ts';

const KEPT_MS = 24 * 60 * 60 * 1_000;

/** A request that the caller may send again: its route, its idempotency key and its payload. */
export type Repeatable = Readonly<{ route: string; key: string; payload: string }>;

/** An answer as text, and the ids of the customers that it shows: it is removed when they are erased. */
export type AnswerToKeep = Readonly<{ answer: string; customerIds: readonly string[] }>;

/**
 * The recorded answer to the request with this key; null when there is none.
 * @throws Refusal `idempotency-key-reused` when the key came with another payload, `customer-not-found` when a customer
 * that the answer showed was erased since
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
    .setOptions(queryOptions(scope))
    .lean();
  if (record === null) return null;
  const { answer: sealed } = record;
  // It showed a customer that was erased since.
  if (sealed === undefined) throw customerNotFound();
  return await readWithKeys(scope, (known) => {
    const answer = openText(known, placeOf(bytesOf(record._id)), bytesOf(sealed));
    if (isPayloadHash(known, request.payload, bytesOf(record.payloadHash))) return answer;
    throw idempotencyKeyReused();
  });
};

/**
 * Stages the answer under its idempotency key, before all other writes: of two requests with one key, the second fails
 * here first. During a rotation it has one id for each master key, because environments may have different current keys
 * and must still share an id.
 */
export const recordAnswer = async (
  request: Repeatable,
  { answer, customerIds }: AnswerToKeep,
  scope: BusinessScope,
): Promise<void> => {
  const keys = await keysOf(scope);
  const ids = idempotencyIds(keys, { route: request.route, actorId: scope.actorId, key: request.key });
  const record = {
    businessId: new Types.ObjectId(scope.businessId),
    payloadHash: payloadHash(keys, request.payload),
    keyId: keys.currentKeyId,
    expiresAt: new Date(Date.now() + KEPT_MS),
    ...(customerIds.length > 0 && { customerIds: customerIds.map((id) => new Types.ObjectId(id)) }),
  };
  // The database removes an expired answer up to a minute late, or later.
  const inPlaceOf = { expiresAt: { $lte: new Date() } };
  for (const _id of ids) {
    const document = { _id, ...record, answer: sealText(keys, placeOf(_id), answer) };
    stageFirst(scope, { insertInto: 'idempotency', document, inPlaceOf }, inProgress);
  }
};

/**
 * Deletes a recorded answer again if a customer that it shows was erased or purged meanwhile. Only for an answer that is recorded
 * after its changes were committed: a sweep may have passed between the two. One that begins later finds the answer.
 */
export const forgetIfErased = async (
  { route, key }: Repeatable,
  customerIds: readonly string[],
  scope: BusinessScope,
): Promise<void> => {
  if (customerIds.length === 0 || (await erasedAmong(customerIds, scope)).size === 0) return;
  const _id = { $in: idempotencyIds(await keysOf(scope), { route, actorId: scope.actorId, key }) };
  await modelOf(await connect(), 'idempotency')
    .deleteMany({ _id, businessId: new Types.ObjectId(scope.businessId) })
    .setOptions(queryOptions(scope));
};

const inProgress = (): Promise<Error> => Promise.resolve(requestInProgress());

const placeOf = (id: Uint8Array) => ({ collection: 'idempotency', id: Buffer.from(id).toString('hex') });
