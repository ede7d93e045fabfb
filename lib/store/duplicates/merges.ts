import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Given, undoUntil } from '#lib/domain/duplicates/merge.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import type { StoredCustomer } from '#lib/store/customers/reader.ts';
import { connect } from '#lib/store/database/connection.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import { sumsOfMerge, sumsOfUnmerge } from '#lib/store/customers/merged-sums.ts';
import { consentsToCopy, consentsToTakeBack } from './copied-consents.ts';
import { openGiven, sealGiven } from './merge-undo.ts';

/** The two customers of a merge, as this request read them. */
type StoredPair = Readonly<{ survivor: StoredCustomer; loser: StoredCustomer }>;

/** What is needed to undo a merge, and until when that is possible. */
export type UndoRecord = Readonly<{ given: readonly Given[]; expiresAt: Date }>;

/** Stages the undo record of a merge at time `at`. */
const recordUndo = (
  pair: StoredPair,
  { given, at }: { given: readonly Given[]; at: Date },
  scope: BusinessScope,
): void => {
  const { keys, customer } = pair.loser;
  stage(scope, {
    insertInto: 'merge',
    document: {
      ...placeOf(pair, scope),
      given: sealGiven(keys, customer.id, given),
      expiresAt: undoUntil(at),
    },
  });
};

/** The undo record of the merge of two customers; null when there is none or its time is over. */
const findUndo = async (pair: StoredPair, at: Date, scope: BusinessScope): Promise<UndoRecord | null> => {
  const found = await modelOf(await connect(), 'merge')
    .findOne({ ...placeOf(pair, scope), expiresAt: { $gt: at } })
    .setOptions(queryOptions(scope))
    .lean();
  if (found === null) return null;
  const loserId = pair.loser.customer.id;
  const given = await readWithKeys(scope, (keys) => openGiven(keys, loserId, bytesOf(found.given)));
  return { given, expiresAt: found.expiresAt };
};

/** Stages the removal of an undo record. `expiresAt` differs from that of a later merge of the same two customers. */
const dropUndo = (pair: StoredPair, { expiresAt }: UndoRecord, scope: BusinessScope): void => {
  stage(scope, { deleteFrom: 'merge', filter: { ...placeOf(pair, scope), expiresAt } });
};

const placeOf = ({ survivor, loser }: StoredPair, scope: BusinessScope) => ({
  _id: new Types.ObjectId(loser.customer.id),
  businessId: new Types.ObjectId(scope.businessId),
  survivorId: new Types.ObjectId(survivor.customer.id),
});

/** The undo records of merges, and what merges do to consents and to the sums of orders and payments. */
export const merges = {
  recordUndo,
  findUndo,
  dropUndo,
  consentsToCopy,
  consentsToTakeBack,
  sumsOfMerge,
  sumsOfUnmerge,
};
export type Merges = typeof merges;
