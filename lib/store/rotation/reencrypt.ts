import type { Connection, mongo } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { Conflict } from '#lib/store/conflict.ts';
import { connect } from '#lib/store/connection.ts';
import { duplicateKeyOf, meaningOf } from '#lib/store/database-errors.ts';
import { type BulkWrite, guardedBulkWrite } from '#lib/store/isolation/guarded-bulk-write.ts';
import { inTransaction } from '#lib/store/transaction.ts';
import type { Replacement, Trouble } from './chain-rewrite.ts';
import type { Outdated } from './outdated.ts';
import { workOn } from './work.ts';

/** A customer that could not be rewritten, or not wholly. */
export type Troubled = Readonly<{ businessId: string; customerId: string; trouble: Trouble }>;

/** What became of a batch. Whom a live change came before, the next pass finds. */
export type Outcome = Readonly<{ rewritten: number; contended: number; troubles: readonly Troubled[] }>;

/**
 * Writes a batch anew with the keyring's current key, in one transaction; one by one when somebody else was at one of
 * them, who always wins. A run that dies anywhere leaves whole customers only.
 */
export const reencrypt = async (batch: Outdated, ring: Keyring, scope: SystemScope): Promise<Outcome> => {
  try {
    return await reencryptAtOnce(batch, ring, scope);
  } catch (error) {
    const isDuplicate = duplicateKeyOf(error) !== null;
    const meaning = meaningOf(error);
    if (!isDuplicate && !(meaning instanceof Conflict)) throw meaning;
    const [customerId, ...others] = batch.customerIds;
    if (customerId === undefined || others.length > 0) return await reencryptOneByOne(batch, ring, scope);
    if (!isDuplicate) return { rewritten: 0, contended: 1, troubles: [] };
    const { businessId } = batch;
    return { rewritten: 0, contended: 0, troubles: [{ businessId, customerId, trouble: 'duplicate' }] };
  }
};

const reencryptOneByOne = async (batch: Outdated, ring: Keyring, scope: SystemScope): Promise<Outcome> => {
  const outcomes: Outcome[] = [];
  for (const customerId of batch.customerIds) {
    outcomes.push(await reencrypt({ ...batch, customerIds: [customerId] }, ring, scope));
  }
  return {
    rewritten: outcomes.reduce((sum, { rewritten }) => sum + rewritten, 0),
    contended: outcomes.reduce((sum, { contended }) => sum + contended, 0),
    troubles: outcomes.flatMap(({ troubles }) => troubles),
  };
};

const reencryptAtOnce = async (batch: Outdated, ring: Keyring, scope: SystemScope): Promise<Outcome> => {
  const connection = await connect();
  // What proves that this batch's customers may be written is not kept for the next.
  const batchScope = scope.again();
  const work = await inTransaction(connection, scope, async (session) => {
    const found = await workOn(batch, ring, { connection, session, scope: batchScope });
    const replacements = found.flatMap((each) => each.replacements);
    if (replacements.length > 0) {
      await replace(replacements, { connection, session, scope: batchScope });
    }
    return found;
  });
  return {
    rewritten: work.filter(({ replacements }) => replacements.length > 0).length,
    contended: 0,
    troubles: work.flatMap(({ customerId, trouble }) =>
      trouble === null ? [] : [{ businessId: batch.businessId, customerId, trouble }],
    ),
  };
};

type Writing = Readonly<{ connection: Connection; session: mongo.ClientSession; scope: SystemScope }>;

const replace = async (
  replacements: readonly Replacement[],
  { connection, session, scope }: Writing,
): Promise<void> => {
  const writes = replacements.map(({ collection, filter, set }): BulkWrite => ({
    name: 'updateOne',
    namespace: `${connection.name}.${collection}`,
    filter,
    update: { $set: set },
  }));
  const { matchedCount } = await guardedBulkWrite(connection, writes, { session, scope });
  if (matchedCount !== writes.length) throw new Conflict('What was read has changed in the meantime.');
};
