import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { openText, sealText } from '#lib/privacy/field-cipher.ts';
import { idempotencyId, idempotencyIds, isPayloadHash, payloadHash } from '#lib/privacy/payload-hash.ts';
import { bytesOf } from './bytes.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { keysOf } from './keys.ts';
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
  if (!isPayloadHash(keys, request.payload, bytesOf(record.payloadHash))) {
    throw new Refusal(
      'idempotency-key-reused',
      'This Idempotency-Key was used for another request. Use a new key for a new request.',
    );
  }
  return openText(keys, placeOf(bytesOf(record._id)), bytesOf(record.answer));
};

/** Stages the answer under its key, before everything else: a race for one key is lost here first. */
export const recordAnswer = async (
  request: Repeatable,
  answer: string,
  scope: BusinessScope,
): Promise<void> => {
  const keys = await keysOf(scope);
  const id = idempotencyId(keys, { route: request.route, actorId: scope.actorId, key: request.key });
  stageFirst(
    scope,
    {
      insertInto: 'idempotency',
      document: {
        _id: id,
        businessId: new Types.ObjectId(scope.businessId),
        payloadHash: payloadHash(keys, request.payload),
        answer: sealText(keys, placeOf(id), answer),
        expiresAt: new Date(Date.now() + KEPT_MS),
      },
    },
    () =>
      Promise.resolve(
        new Refusal(
          'request-in-progress',
          'The same request is being answered right now. Ask again in a second.',
          {
            retryAfterSeconds: 1,
          },
        ),
      ),
  );
};

const placeOf = (id: Uint8Array) => ({ collection: 'idempotency', id: Buffer.from(id).toString('hex') });
