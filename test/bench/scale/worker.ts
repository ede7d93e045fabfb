import { setImmediate as breath } from 'node:timers/promises';
import { Types } from 'mongoose';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { purgeBatch } from '#lib/store/retention/purge.ts';
import { findOpen, finishGroup } from '#lib/store/rights/erasures.ts';
import { aScope, aSystemScope } from '#test/support/a-scope.ts';
import { addTogether } from '#test/support/many-customers.ts';
import { LONG_AGO } from './life.ts';
import { businessOf, peopleOf, type Person } from './people.ts';

/** What a worker is told to do: rows to add, or people to add who are due to be purged, one batch to purge, or all to sweep. */
export type Order =
  | Readonly<{ what: 'add'; rows: readonly number[]; seed: number }>
  | Readonly<{ what: 'add-due'; rows: readonly number[]; seed: number }>
  | Readonly<{ what: 'purge'; size: number }>
  | Readonly<{ what: 'sweep' }>;
/** `added`: one more row is there. `done`: the order is carried out; `ms` is what a batch of the purge took. */
export type Word = Readonly<{ what: 'added' }> | Readonly<{ what: 'done'; count: number; ms: number }>;

const say = (word: Word): void => void process.send?.(word);

const addRow = async (row: number, seed: number, more: Partial<Person> = {}): Promise<void> => {
  const people = peopleOf(row, seed).map((person) => ({ ...person, ...more }));
  for (let isRepeat = false; ; isRepeat = true) {
    try {
      await addTogether(people, aScope(businessOf(row, seed)));
      return;
    } catch (error) {
      // Nobody knew what became of the attempt before: it was saved.
      if (isRepeat && error instanceof Refusal) return;
      // Two processes meet at a page of an index, or the machine is so busy that a deadline passes.
      if (!(error instanceof Conflict || error instanceof Unavailable)) throw error;
    }
  }
};

const makeDue = async (rows: readonly number[], seed: number): Promise<void> => {
  const ids = rows.flatMap((row) => peopleOf(row, seed).map(({ id }) => new Types.ObjectId(id)));
  const links = (await connect()).collection('customer_link');
  await links.updateMany({ customerId: { $in: ids } }, { $set: { purgeAfter: LONG_AGO } });
};

const LONGEST_SWEEP_MS = 600_000;
const MOST_SWEPT = 500;

/** Nobody of the bench is in the archive. */
const deleteObjects = (): Promise<void> => Promise.resolve();

/** Finishes all that was purged, as `finish-erasures` does. */
const sweepAll = async (): Promise<number> => {
  const scope = aSystemScope('finish-erasures');
  let count = 0;
  for (let group; (group = await findOpen(MOST_SWEPT, scope)) !== null;) {
    await finishGroup(group, { until: Date.now() + LONGEST_SWEEP_MS, deleteObjects }, scope);
    count += group.customerIds.length;
  }
  return count;
};

const carryOut = async (order: Order): Promise<number> => {
  if (order.what === 'purge') return await purgeBatch(order.size, aSystemScope('purge-deleted-customers'));
  if (order.what === 'sweep') return await sweepAll();
  for (const row of order.rows) {
    await addRow(row, order.seed, order.what === 'add-due' ? { state: 'deleted' } : {});
    say({ what: 'added' });
    await breath();
  }
  if (order.what === 'add-due') await makeDue(order.rows, order.seed);
  return order.rows.length;
};

process.on('message', (order: Order) => {
  const startedAt = performance.now();
  void carryOut(order).then((count) => say({ what: 'done', count, ms: performance.now() - startedAt }));
});
process.on('disconnect', () => process.exit(0));
