import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { daysKept, type Given, type Pair, undoUntil, type Undo } from '#lib/domain/merge.ts';
import type { BusinessSettings } from '#lib/domain/settings.ts';
import { bytesOf } from './bytes.ts';
import { changePorts } from './change-ports.ts';
import { connect } from './connection.ts';
import { recordRead } from './customer-reader.ts';
import { changeCustomer, stateToRestore } from './customers.ts';
import { askedBy } from './isolation/asked-by.ts';
import { keysOf, readWithKeys } from './keys.ts';
import { openGiven, sealGiven } from './merge-undo.ts';
import { modelOf } from './models/models.ts';
import { rehearse, stage } from './unit-of-work.ts';

/** Two customers as they were read and as they are to be. */
type Change = Readonly<{ before: Pair; after: Pair }>;
type About = Readonly<{ settings: BusinessSettings; reason?: string | undefined }>;

/** Stages a merge and what undoes it. The loser goes first: the survivor may take its email and phone. */
const saveMerge = async (
  { before, after, given }: Change & Readonly<{ given: readonly Given[] }>,
  { settings, reason }: About,
  scope: BusinessScope,
): Promise<void> => {
  const [survivorId, loserId] = [before.survivor.id, before.loser.id];
  const why = reason === undefined ? {} : { reason };
  await changeCustomer(
    { before: before.loser, after: after.loser },
    {
      settings: { ...settings, retentionDays: daysKept(settings.retentionDays) },
      action: 'merged-into',
      event: 'customer-merged',
      mergedInto: survivorId,
      ...why,
    },
    scope,
  );
  const giver = { id: loserId, fields: ['email', 'phone'] };
  await changeCustomer(
    { before: before.survivor, after: after.survivor },
    { settings, action: 'merge-customer', giver, ...why },
    scope,
  );
  stage(scope, {
    insertInto: 'merge',
    document: {
      ...placeOf(before, scope),
      given: sealGiven(await keysOf(scope), loserId, given),
      expiresAt: undoUntil(after.survivor.updatedAt),
    },
  });
};

const placeOf = ({ survivor, loser }: Pair, scope: BusinessScope) => ({
  _id: new Types.ObjectId(loser.id),
  businessId: new Types.ObjectId(scope.businessId),
  survivorId: new Types.ObjectId(survivor.id),
});

/** A merge that can be undone, and until when. */
export type Undoable = Undo & Readonly<{ expiresAt: Date }>;

/** What undoes the merge of two customers that this request has read; null when there is none, or its time is over. */
const findUndo = async (pair: Pair, at: Date, scope: BusinessScope): Promise<Undoable | null> => {
  const found = await modelOf(await connect(), 'merge')
    .findOne({ ...placeOf(pair, scope), expiresAt: { $gt: at } })
    .setOptions(askedBy(scope))
    .lean();
  if (found === null) return null;
  const given = await readWithKeys(scope, (keys) => openGiven(keys, pair.loser.id, bytesOf(found.given)));
  return { given, restoreTo: stateToRestore(pair.loser, scope), expiresAt: found.expiresAt };
};

/** Stages the way back. The survivor goes first: what it gives back, the loser takes. */
const saveUnmerge = async (
  { before, after, undone }: Change & Readonly<{ undone: Undoable & { returned: readonly string[] } }>,
  { settings }: About,
  scope: BusinessScope,
): Promise<void> => {
  await changeCustomer(
    { before: before.survivor, after: after.survivor },
    { settings, action: 'unmerge-customer' },
    scope,
  );
  await changeCustomer(
    { before: before.loser, after: after.loser },
    {
      settings,
      action: 'unmerged-from',
      event: 'customer-unmerged',
      giver: { id: before.survivor.id, fields: undone.returned },
    },
    scope,
  );
  // By its end it is known from a later merge of the same two.
  stage(scope, {
    deleteFrom: 'merge',
    filter: { ...placeOf(before, scope), expiresAt: undone.expiresAt },
  });
};

/** Whether a customer that this request has read must be kept as it is. */
const isHeld = (customerId: string, scope: BusinessScope): boolean =>
  recordRead(scope, customerId).legalHold === true;

/** What merging and unmerging lean on. `rehearse` tries what is staged and takes it back. */
export const mergePorts = { ...changePorts, isHeld, saveMerge, findUndo, saveUnmerge, rehearse };
export type MergePorts = typeof mergePorts;
