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

/** Imports rows, batch by batch, each in one transaction; or only says what is wrong with them. */
export async function* importRows(rows: AsyncIterable<Row>, asked: Import): AsyncGenerator<Batch> {
  const inFile = new EarlierLines();
  for await (const batch of batchesOf(rows))
    yield await importBatch(batch, {
      ...asked,
      earlier: () => (asked.isDryRun ? inFile : new EarlierLines()),
    });
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

/** Earlier lines of a real import are in the database by then; those of a dry run have to be remembered. */
type Running = Import & Readonly<{ earlier: () => EarlierLines }>;

const importBatch = async (
  rows: readonly Row[],
  running: Running,
  until = Date.now() + PATIENCE_MS,
): Promise<Batch> => {
  const scope = running.scope.again();
  const settings = await settingsOf(scope);
  const { businessId } = scope;
  const judging = { ...running, businessId, rules: { at: new Date(), settings } };
  const { good, skipped, bad } = await sorted(rows, judging, { scope, earlier: running.earlier() });
  if (running.isDryRun) return { imported: good.length, skipped, bad };
  try {
    for (const { customer, fields } of good) await addCustomer(customer, { settings, body: fields }, scope);
    await commit(scope);
    return { imported: good.length, skipped, bad };
  } catch (error) {
    if (error instanceof Conflict && Date.now() < until) {
      await pause(PAUSE_MS);
      return await importBatch(rows, running, until);
    }
    if (!(error instanceof Refusal)) throw error;
    if (rows.length > 1) return sumOf(await oneByOne(rows, running));
    return { imported: 0, skipped, bad: rows.map(({ line }) => ({ line, findings: findingsOf(error) })) };
  }
};

/** Somebody else wrote meanwhile: only the row that met it has to hear of it. */
const oneByOne = async (rows: readonly Row[], running: Running): Promise<Batch[]> => {
  const done: Batch[] = [];
  for (const row of rows) done.push(await importBatch([row], running));
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
