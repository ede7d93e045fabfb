import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';
import { customerNotFound, erasedWithSurvivor } from '#lib/domain/refusals.ts';
import type { ErasureGround } from '#lib/domain/rights/erasure.ts';
import { keyUseAfterChange } from '#lib/privacy/key-use.ts';
import { type CustomerLinkDocument, MERGED_INDEX } from '#lib/store/collections/customer-link.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { recordEntry } from '#lib/store/histories/record-entry.ts';
import { headOfLink } from '#lib/store/histories/stored-head.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { keysOf, readWithKeys } from '#lib/store/keys/request-keys.ts';
import { type Counts, countSwept } from './sweep.ts';
import { placesOf } from './erasures.ts';

const FIELDS = {
  customerId: 1,
  state: 1,
  version: 1,
  legalHold: 1,
  mergedInto: 1,
  auditSeq: 1,
  auditHead: 1,
  auditSeal: 1,
  keyUse: 1,
} as const;
type Link = Pick<CustomerLinkDocument, keyof typeof FIELDS>;

/** A customer to erase, as it was read. */
export type Doomed = Readonly<{ id: string; isHeld: boolean; link: Link }>;

const find = async (
  match: Readonly<Record<string, unknown>>,
  scope: BusinessScope,
  hint?: string,
): Promise<Doomed[]> => {
  const query = modelOf(await connect(), 'customer_link')
    .find({ businessId: new Types.ObjectId(scope.businessId), ...match })
    .select(FIELDS)
    .setOptions(queryOptions(scope));
  const links = await (hint === undefined ? query : query.hint(hint)).lean<Link[]>();
  return links.map((link) => ({
    id: link.customerId.toHexString(),
    isHeld: link.legalHold === true,
    link,
  }));
};

/**
 * A customer and everybody who was merged into it, at whatever remove: these first, the customer itself last. Empty for an
 * unknown id. Each level of merges costs one round trip.
 */
export const findDoomed = async (id: string, scope: BusinessScope): Promise<readonly Doomed[]> => {
  const found = await find({ customerId: new Types.ObjectId(id) }, scope);
  return [...(await findMergedInto(found, scope)), ...found];
};

/** Everybody who was merged into these customers, at any level: the last level first. Each level costs one round trip. */
export const findMergedInto = async (
  survivors: readonly Readonly<{ link: Pick<Link, 'customerId'> }>[],
  scope: BusinessScope,
): Promise<readonly Doomed[]> => {
  let level = survivors;
  let all: readonly Doomed[] = [];
  while (level.length > 0) {
    const ids = level.map(({ link }) => link.customerId);
    const losers = await find({ mergedInto: { $in: ids } }, scope, MERGED_INDEX);
    all = [...losers, ...all];
    level = losers;
  }
  return all;
};

/**
 * Does nothing unless the last of these customers was merged into another one.
 * @throws Refusal `merged-into` with the survivor at the end of the chain of merges, `customer-not-found` when it is gone
 */
export const requireSurvivor = async (doomed: readonly Doomed[], scope: BusinessScope): Promise<void> => {
  let survivor = doomed.at(-1);
  const first = survivor?.id;
  while (survivor?.link.mergedInto !== undefined)
    [survivor] = await find({ customerId: survivor.link.mergedInto }, scope);
  if (survivor === undefined) throw customerNotFound();
  if (survivor.id !== first) throw erasedWithSurvivor(survivor.id);
};

/** Counts what an erasure would remove beside the records themselves, by customer and place. */
export const countDoomed = (doomed: readonly Doomed[], scope: BusinessScope): Promise<Counts> =>
  countSwept({ businessId: scope.businessId, customerIds: doomed.map(({ id }) => id) }, scope);

/** Why and when customers are erased, and what was counted of them before. */
export type Request = Readonly<{ reason: string; ground: ErasureGround; at: Date; counts: Counts }>;

/** State of a customer that is gone, as its last history entry and its event say. */
const GONE: CustomerState = 'deleted';

/**
 * Stages the begin of erasures: a last history entry each, then their records, links and undo records are deleted, and an
 * erasure record, a tombstone and an event remain. A legal hold that comes first makes the commit a Conflict.
 */
export const beginErasures = async (
  doomed: readonly Doomed[],
  request: Request,
  scope: BusinessScope,
): Promise<void> => {
  await stageMerges(doomed, scope);
  await stageShredding(doomed, scope);
  for (const one of doomed) await begin(one, request, scope);
};

/** The undo records of merges of these customers. Each has data of both customers of a merge. */
const findMerges = async (doomed: readonly Doomed[], scope: BusinessScope) => {
  const ids = doomed.map(({ link }) => link.customerId);
  return await modelOf(await connect(), 'merge')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      $or: [{ _id: { $in: ids } }, { survivorId: { $in: ids } }],
    })
    .select({ _id: 1 })
    .setOptions(queryOptions(scope))
    .lean<{ _id: Types.ObjectId }[]>();
};

/** Counts the undo records of merges that an erasure would remove. */
export const countMerges = async (doomed: readonly Doomed[], scope: BusinessScope): Promise<number> =>
  (await findMerges(doomed, scope)).length;

const stageMerges = async (doomed: readonly Doomed[], scope: BusinessScope): Promise<void> => {
  const businessId = new Types.ObjectId(scope.businessId);
  for (const { _id } of await findMerges(doomed, scope))
    stage(scope, { deleteFrom: 'merge', filter: { _id, businessId } });
};

/** Without its key, nobody can read what the archive has of a customer, however long a copy of the object lives. */
const stageShredding = async (doomed: readonly Doomed[], scope: BusinessScope): Promise<void> => {
  const businessId = new Types.ObjectId(scope.businessId);
  const archived = await modelOf(await connect(), 'archive')
    .find({ businessId, _id: { $in: doomed.map(({ link }) => link.customerId) } })
    .select({ _id: 1 })
    .setOptions(queryOptions(scope))
    .lean<{ _id: Types.ObjectId }[]>();
  for (const { _id } of archived)
    stage(scope, { update: 'archive', filter: { _id, businessId }, change: { $unset: { dataKey: '' } } });
};

const begin = async (
  { id, link }: Doomed,
  { reason, ground, at, counts }: Request,
  scope: BusinessScope,
): Promise<void> => {
  const { customerId, state, version, auditHead, keyUse = '' } = link;
  const businessId = new Types.ObjectId(scope.businessId);
  const keys = await keysOf(scope);
  const entry = {
    customerId: id,
    action: 'erase-customer',
    at,
    fields: [],
    reason,
    ...(state !== GONE && { from: state, to: GONE }),
  };
  const head = await readWithKeys(scope, () =>
    recordEntry({ newEntry: entry, after: { state: GONE, version } }, headOfLink(scope.businessId, link), {
      scope,
      by: scope,
      keys,
    }),
  );
  const unchanged = { businessId, customerId, version, state, auditHead: bytesOf(auditHead) };
  stage(scope, { deleteFrom: 'customer_link', filter: { ...unchanged, legalHold: { $ne: true } } });
  stage(scope, { deleteFrom: 'customer', filter: { _id: customerId } });
  stage(
    scope,
    {
      insertInto: 'erasure',
      document: {
        ...{ _id: customerId, businessId, at, cause: 'request' as const, ground, requestedAt: at },
        ...{ open: true as const, unledgered: true as const, places: placesOf(counts, id) },
        ...{ version, keyUse: keyUseAfterChange(keyUse, keys) },
        ...head,
      },
    },
    () => Promise.resolve(new Conflict('This customer was erased at the same time.')),
  );
  stage(scope, { insertInto: 'tombstone', document: { _id: customerId, businessId, at } }, () =>
    Promise.resolve(new Conflict('This customer was erased at the same time.')),
  );
  stage(scope, {
    insertInto: 'outbox',
    document: {
      ...{ _id: new Types.ObjectId(), type: 'customer-erased', businessId, customerId, version },
      ...{ seq: head.auditSeq, state: GONE, at, pending: true as const },
    },
  });
};
