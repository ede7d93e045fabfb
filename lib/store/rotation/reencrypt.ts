import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { Keyring } from '#lib/privacy/keyring.ts';
import { OWNER_EMAIL_INDEX, OWNER_PHONE_INDEX } from '#lib/store/collections/customer-link.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { duplicateKeyOf, translateError } from '#lib/store/database/database-errors.ts';
import { inTransaction } from '#lib/store/database/transaction.ts';
import { sendWrites, type Transaction, type Write } from '#lib/store/database/write.ts';
import type { Trouble } from './chain-rewrite.ts';
import { type Batch, planRewrites } from './batch-rewrite.ts';
import type { ClaimedField } from './keyed-rewrite.ts';

/** A customer that could not be rewritten, or not completely. */
export type Troubled = Readonly<{ businessId: string; customerId: string; trouble: Trouble }>;

/** The result of a batch. `contended` customers were changed at the same time; the next pass finds them again. */
export type Outcome = Readonly<{ rewritten: number; contended: number; troubles: readonly Troubled[] }>;

/**
 * Rewrites a batch with the keyring's current key, in one transaction. Live changes win: after a conflict, the customers
 * are rewritten one by one. An email or phone of a loser that another customer was created with since, before survivors
 * took these over, stays with that customer. A killed run leaves only whole customers.
 * @throws the driver's errors, as `translateError` translates them, unless they are conflicts or duplicates
 */
export const reencrypt = async (batch: Batch, ring: Keyring, scope: SystemScope): Promise<Outcome> => {
  try {
    return await reencryptAtOnce(batch, ring, scope);
  } catch (error) {
    const duplicate = duplicateKeyOf(error);
    const meaning = translateError(error);
    if (duplicate === null && !(meaning instanceof Conflict)) throw meaning;
    const [customerId, ...others] = batch.customerIds;
    if (customerId === undefined || others.length > 0) return await reencryptOneByOne(batch, ring, scope);
    if (duplicate === null) return { rewritten: 0, contended: 1, troubles: [] };
    const { businessId, leftToOthers = [] } = batch;
    const field = CLAIMED_BY[duplicate.index];
    if (field !== undefined && !leftToOthers.includes(field))
      return await reencrypt({ ...batch, leftToOthers: [...leftToOthers, field] }, ring, scope);
    return { rewritten: 0, contended: 0, troubles: [{ businessId, customerId, trouble: 'duplicate' }] };
  }
};

/** The field that each unique index protects. */
const CLAIMED_BY: Readonly<Record<string, ClaimedField>> = {
  [OWNER_EMAIL_INDEX]: 'email',
  [OWNER_PHONE_INDEX]: 'phone',
};

const reencryptOneByOne = async (batch: Batch, ring: Keyring, scope: SystemScope): Promise<Outcome> => {
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

const reencryptAtOnce = async (batch: Batch, ring: Keyring, scope: SystemScope): Promise<Outcome> => {
  const connection = await connect();
  // A scope for each batch: the links read for one batch give no access in the next.
  const batchScope = scope.again();
  const work = await inTransaction(connection, scope, async (session) => {
    const found = await planRewrites(batch, ring, { connection, session, scope: batchScope });
    const replacements = found.flatMap((each) => each.replacements);
    if (replacements.length > 0) {
      await replace(replacements, { connection, session }, batchScope);
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

/** Each update must match the document as it was read. */
const replace = async (
  replacements: readonly Write[],
  transaction: Transaction,
  scope: SystemScope,
): Promise<void> => {
  const { matchedCount } = await sendWrites(replacements, transaction, scope);
  if (matchedCount !== replacements.length) throw new Conflict('A document has changed since it was read.');
};
