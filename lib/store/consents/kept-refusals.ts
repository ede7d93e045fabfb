import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Addresses, type Matter, matterOf, type Suppressions } from '#lib/domain/rights/consents.ts';
import { hasAddressFor, suppressionKey } from '#lib/privacy/suppression-key.ts';
import { count } from '#lib/runtime/metrics.ts';
import { bytesOf, type StoredBytes } from '#lib/store/collections/stored-bytes.ts';
import { SUPPRESSION_INDEX } from '#lib/store/collections/suppression.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { keysOf } from '#lib/store/keys/request-keys.ts';

/** The latest refusals that are kept for these addresses, by matter. One read; none without an address or a pepper. */
export const readKeptRefusals = async (
  matters: readonly Matter[],
  addresses: Addresses,
  scope: BusinessScope,
): Promise<Suppressions> => {
  const wanted = await refusalKeys(matters, addresses, scope);
  const found = await readRefusalsAt([...wanted.values()], scope);
  return new Map(
    [...wanted].flatMap(([matter, key]) => {
      const at = found.get(key);
      return at === undefined ? [] : [[matter, at] as const];
    }),
  );
};

/**
 * Under which key, in hexadecimal digits, a refusal of each matter is kept for these addresses. A matter without an address
 * has none; without a pepper, none has.
 */
export const refusalKeys = async (
  matters: readonly Matter[],
  addresses: Addresses,
  scope: BusinessScope,
): Promise<ReadonlyMap<string, string>> => {
  const keys = await keysOf(scope);
  return new Map(
    matters.flatMap((matter) => {
      const key = suppressionKey(keys, matter, addresses);
      return key === null ? [] : [[matterOf(matter), key.toString('hex')] as const];
    }),
  );
};

/** The times of the refusals that are kept under these keys. One read; none without a key. */
export const readRefusalsAt = async (
  keys: readonly string[],
  scope: BusinessScope,
): Promise<ReadonlyMap<string, Date>> => {
  if (keys.length === 0) return new Map();
  const found = await modelOf(await connect(), 'suppression')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      key: { $in: keys.map((key) => Buffer.from(key, 'hex')) },
    })
    .hint(SUPPRESSION_INDEX)
    .setOptions(queryOptions(scope))
    .lean<{ key: StoredBytes; at: Date }[]>();
  return new Map(found.map(({ key, at }) => [bytesOf(key).toString('hex'), at]));
};

/** A refusal or grant, the addresses that it is about, and what is kept for them. */
type Kept = Readonly<{ addresses: Addresses; suppressions: Suppressions }>;

/**
 * Stages that a refusal is kept for the present address, if it is newer than the one that is kept.
 * @returns whether anything was staged
 */
export const keepRefusal = async (
  refusal: Matter & Readonly<{ givenAt: Date }>,
  { addresses, suppressions }: Kept,
  scope: BusinessScope,
): Promise<boolean> => {
  if (!hasAddressFor(refusal, addresses)) return false;
  const key = suppressionKey(await keysOf(scope), refusal, addresses);
  if (key === null) {
    count('PepperMissing');
    return false;
  }
  const { givenAt } = refusal;
  const at = suppressions.get(matterOf(refusal));
  const businessId = new Types.ObjectId(scope.businessId);
  if (at === undefined) {
    const document = { _id: new Types.ObjectId(), businessId, key, at: givenAt };
    stage(scope, { insertInto: 'suppression', document }, () =>
      Promise.resolve(new Conflict('Another request kept a refusal for this address first.')),
    );
  } else if (at < givenAt)
    stage(scope, {
      update: 'suppression',
      filter: { businessId, key, at },
      change: { $set: { at: givenAt } },
    });
  return at === undefined || at < givenAt;
};

/**
 * Stages that an older refusal is no longer kept for the present address, because of a newer grant.
 * @returns whether anything was staged
 */
export const liftRefusal = async (
  grant: Matter & Readonly<{ givenAt: Date }>,
  { addresses, suppressions }: Kept,
  scope: BusinessScope,
): Promise<boolean> => {
  const at = suppressions.get(matterOf(grant));
  const key = suppressionKey(await keysOf(scope), grant, addresses);
  if (key === null || at === undefined || at >= grant.givenAt) return false;
  const businessId = new Types.ObjectId(scope.businessId);
  stage(scope, { deleteFrom: 'suppression', filter: { businessId, key, at } });
  return true;
};
