import { setTimeout as pause } from 'node:timers/promises';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import type { CustomerType } from '#lib/domain/customer.ts';
import { Conflict } from '#lib/store/conflict.ts';
import { addCustomer } from '#lib/store/customers.ts';
import { knownAmong, holdersAmong } from '#lib/store/imports.ts';
import { settingsOf } from '#lib/store/settings.ts';
import { commit } from '#lib/store/unit-of-work.ts';
import { type Bad, EarlierLines, findingsOf, type Good, idOf, judge, type Judging } from './judge.ts';
import type { Row } from './source.ts';

/** So many rows are read, judged and written together. */
const BATCH = 200;
/**
 * The database keeps what a run had begun to write when it was killed for a minute (transactionLifetimeLimitSeconds),
 * and nobody else may write the same lines meanwhile.
 */
const PATIENCE_MS = 90_000;
const PAUSE_MS = 1_000;

/** What became of a batch. */
export type Batch = Readonly<{ imported: number; skipped: number; bad: readonly Bad[] }>;

export type Import = Readonly<{
  digest: string;
  type: CustomerType | undefined;
  isDryRun: boolean;
  scope: BusinessScope;
}>;

/**
 * Imports rows, batch by batch, each in one transaction; or only says what is wrong with them. While the database writes
 * one batch, the next is judged and sealed; it is written when the one before is.
 */
export async function* importRows(rows: AsyncIterable<Row>, asked: Import): AsyncGenerator<Batch> {
  let earlier = new EarlierLines();
  let writing: Promise<Batch> | undefined;
  try {
    for await (const batch of batchesOf(rows)) {
      const prepared = await prepare(batch, asked, earlier);
      if (writing !== undefined) yield await writing;
      writing = write(prepared, asked);
      // Heard when it is waited for.
      writing.catch(() => undefined);
      // Lines before the batch that is being written are in the database; those of a dry run have to be remembered.
      if (!asked.isDryRun) earlier = earlier.next();
    }
    if (writing !== undefined) yield await writing;
  } finally {
    // A file that cannot be read to its end stops nothing that was begun.
    await Promise.allSettled([writing]);
  }
}

async function* batchesOf(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[]> {
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** A batch that is judged, and staged with its scope, unless that was refused: that is heard in its turn. */
type Prepared = Readonly<{ rows: readonly Row[]; scope: BusinessScope; batch: Batch; staged: Promise<void> }>;

const prepare = async (
  rows: readonly Row[],
  asked: Import,
  earlier = new EarlierLines(),
): Promise<Prepared> => {
  const scope = asked.scope.again();
  const settings = await settingsOf(scope);
  const judging = { ...asked, businessId: scope.businessId, rules: { at: new Date(), settings } };
  const { good, skipped, bad } = await sorted(rows, judging, { scope, earlier });
  const stage = async (): Promise<void> => {
    for (const { customer, fields } of good) await addCustomer(customer, { settings, body: fields }, scope);
  };
  const staged = asked.isDryRun ? Promise.resolve() : stage();
  await Promise.allSettled([staged]);
  return { rows, scope, batch: { imported: good.length, skipped, bad }, staged };
};

const write = async (
  { rows, scope, batch, staged }: Prepared,
  asked: Import,
  until = Date.now() + PATIENCE_MS,
): Promise<Batch> => {
  if (asked.isDryRun) return batch;
  try {
    await staged;
    await commit(scope);
    return batch;
  } catch (error) {
    if (error instanceof Conflict && Date.now() < until) {
      await pause(PAUSE_MS);
      return await write(await prepare(rows, asked), asked, until);
    }
    if (!(error instanceof Refusal)) throw error;
    if (rows.length > 1) return sumOf(await oneByOne(rows, asked));
    return { ...batch, imported: 0, bad: rows.map(({ line }) => ({ line, findings: findingsOf(error) })) };
  }
};

/** Somebody else wrote meanwhile: only the row that met it has to hear of it. */
const oneByOne = async (rows: readonly Row[], asked: Import): Promise<Batch[]> => {
  const done: Batch[] = [];
  for (const row of rows) done.push(await write(await prepare([row], asked), asked));
  return done;
};

const sumOf = (batches: readonly Batch[]): Batch => ({
  imported: batches.reduce((sum, { imported }) => sum + imported, 0),
  skipped: batches.reduce((sum, { skipped }) => sum + skipped, 0),
  bad: batches.flatMap(({ bad }) => bad),
});

/** Who is there from an earlier run, who may come, and what is wrong with the others. */
const sorted = async (
  rows: readonly Row[],
  judging: Judging,
  { scope, earlier }: { scope: BusinessScope; earlier: EarlierLines },
): Promise<{ good: readonly Good[]; skipped: number; bad: readonly Bad[] }> => {
  const known = await knownAmong(
    rows.map(({ line }) => idOf(line, judging)),
    scope,
  );
  const left = rows.filter(({ line }) => !known.has(idOf(line, judging)));
  const bad: Bad[] = [];
  const candidates: Good[] = [];
  for (const row of left) {
    const judged = judge(row, judging);
    if ('findings' in judged) bad.push(judged);
    else candidates.push(judged);
  }
  const held = await holdersAmong(
    candidates.map(({ customer }) => customer),
    judging.rules.settings,
    scope,
  );
  const good: Good[] = [];
  for (const one of candidates) {
    const findings = [
      ...(held.get(one.customer.id) ?? []).map(({ field, existing }) => ({
        field,
        rule: `duplicate-${field}`,
        existing,
      })),
      ...earlier.takenBy(one, judging.rules),
    ];
    if (findings.length === 0) good.push(one);
    else bad.push({ line: one.line, findings });
  }
  return { good, skipped: rows.length - left.length, bad: bad.sort((a, b) => a.line - b.line) };
};
