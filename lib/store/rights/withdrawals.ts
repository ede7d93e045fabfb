import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Matter, matterOf, type Statement } from '#lib/domain/rights/consents.ts';
import { isRefused, withdrawalOf } from '#lib/domain/rights/withdrawal.ts';
import { refusalKeys } from '#lib/store/consents/kept-refusals.ts';
import { findChain } from '#lib/store/customers/merged.ts';
import type { StoredCustomer } from '#lib/store/customers/reader.ts';
import { connect } from '#lib/store/database/connection.ts';
import { readNowBeside } from '#lib/store/database/database-clock.ts';
import { customerConsents, type KeptConsents } from './consents.ts';

/** A customer and those that it was merged into, one after the other, with the time by the database's clock. */
export type ChainAtNow = Readonly<{ chain: readonly StoredCustomer[]; now: Date }>;

/** Null for an id that the business does not have: it is unknown, purged or erased. */
const find = async (id: string, scope: BusinessScope): Promise<ChainAtNow | null> => {
  const [chain, now] = await Promise.all([
    findChain(id, scope),
    connect().then((connection) => readNowBeside(connection, id, scope)),
  ]);
  return chain.length === 0 || now === null ? null : { chain, now };
};

/**
 * Stages that a customer refuses a matter. A merged one refuses it together with its survivor, so that it stays refused when
 * the merge is undone. Nothing is staged for who has refused it already.
 */
const record = async ({ chain, now }: ChainAtNow, matter: Matter, scope: BusinessScope): Promise<void> => {
  const read = async (stored: StoredCustomer) => ({
    stored,
    ...(await customerConsents.read(stored, [matter], scope)),
  });
  const all = await Promise.all(chain.map(read));
  const said = withdrawalOf(
    matter,
    all.map(({ consents }) => consents),
    now,
  );
  const keptByNow = new Set<string>();
  for (const { stored, ...kept } of all) {
    if (isRefused(kept.consents, matter)) continue;
    const key = (await refusalKeys([matter], stored.customer, scope)).get(matterOf(matter));
    const isKept = key !== undefined && keptByNow.has(key);
    await refuse({ stored, now }, isKept ? keptBefore(kept, said) : kept, { said, scope });
    if (key !== undefined) keptByNow.add(key);
  }
};

/** Another of the chain has the same address, and keeps the refusal for it: it is kept once. */
const keptBefore = (kept: KeptConsents, said: Statement): KeptConsents => ({
  ...kept,
  suppressions: new Map([...kept.suppressions, [matterOf(said), said.givenAt]]),
});

const refuse = async (
  at: Readonly<{ stored: StoredCustomer; now: Date }>,
  kept: KeptConsents,
  { said, scope }: Readonly<{ said: Statement; scope: BusinessScope }>,
): Promise<void> => {
  await customerConsents.record(at, { ...kept, statements: [said] }, scope);
};

/** What customers take back by the link in a message. Writes are staged; nothing is saved before the request commits. */
export const withdrawals = { find, record };
export type Withdrawals = typeof withdrawals;
