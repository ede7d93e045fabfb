import { Types } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { LedgerEntry } from '#lib/domain/rights/erasure.ts';
import { type ErasureDocument, UNLEDGERED_INDEX } from '#lib/store/collections/erasure.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { connect } from '#lib/store/database/connection.ts';
import { BEGINNING } from '#lib/store/database/database-clock.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { findOldest } from './erasures.ts';

const FIELDS = { businessId: 1, at: 1, cause: 1, auditSeq: 1, auditHead: 1 } as const;
type Stored = Pick<ErasureDocument, '_id' | keyof typeof FIELDS>;

const toEntry = ({ _id, businessId, at, cause, auditSeq, auditHead }: Stored): LedgerEntry => ({
  businessId: businessId.toHexString(),
  customerId: _id.toHexString(),
  ...{ at, cause, auditSeq },
  auditHead: Buffer.from(bytesOf(auditHead)).toString('hex'),
});

/** The erasures that are not in the ledger, oldest first. */
export const findUnledgered = async (most: number, scope: SystemScope): Promise<readonly LedgerEntry[]> => {
  const found = await modelOf(await connect(), 'erasure')
    .find({ unledgered: true, at: { $gte: BEGINNING } })
    .sort({ at: 1, _id: 1 })
    .limit(most)
    .select(FIELDS)
    .hint(UNLEDGERED_INDEX)
    .setOptions(queryOptions(scope))
    .lean<Stored[]>();
  return found.map(toEntry);
};

/** Notes that these erasures are in the ledger. */
export const markLedgered = async (entries: readonly LedgerEntry[], scope: SystemScope): Promise<void> => {
  await modelOf(await connect(), 'erasure')
    .updateMany(
      { _id: { $in: entries.map(({ customerId }) => new Types.ObjectId(customerId)) }, unledgered: true },
      { $unset: { unledgered: '' } },
    )
    .setOptions(queryOptions(scope));
};

/** When the oldest customer was erased that is not in the ledger; null when there is none. */
export const findOldestUnledgered = (scope: SystemScope): Promise<Date | null> =>
  findOldest({ unledgered: true }, UNLEDGERED_INDEX, scope);
