import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { HistoryExtension } from '#lib/domain/histories/history-extension.ts';
import type { CustomerType } from '#lib/domain/customers/customer-details.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { currentSettingsOf } from '#lib/store/business/stored-settings.ts';
import { addCustomer } from '#lib/store/customers/add-customer.ts';
import { commit } from '#lib/store/database/unit-of-work.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import { type Check, findingsOf, type RefusedLine } from './check-line.ts';
import { RefusalsOfMany } from '#lib/store/consents/refusals-of-many.ts';
import { type Before, checkRows } from './check-rows.ts';
import { namesConsents } from './consent-columns.ts';
import { EarlierLines } from './earlier-lines.ts';
import type { Row } from './import-file.ts';

/** How many rows are read, checked and written together. */
const BATCH = 200;

/** What happened to a batch: how many of its lines were imported, now or by an earlier run, and which were refused. */
export type Batch = Readonly<{ imported: number; skipped: number; refused: readonly RefusedLine[] }>;

/** What an import needs beside its rows. */
export type Import = Readonly<{
  /** SHA-256 of the file. */
  digest: string;
  /** The customer type of a line that gives none. */
  type: CustomerType | undefined;
  isDryRun: boolean;
  scope: BusinessScope;
  /** Called with the histories that a batch has extended, after it was written. */
  record?: (extensions: readonly HistoryExtension[]) => Promise<void>;
}>;

/**
 * Imports rows in batches, each in one transaction; a dry run only checks them. While the database writes one batch, the
 * next one is checked and encrypted; it is written after the one before it. A batch with consents is checked after that,
 * because the refusals of the one before count for its addresses.
 */
export async function* importRows(rows: AsyncIterable<Row>, settings: Import): AsyncGenerator<Batch> {
  let before: Before = { earlier: new EarlierLines(), refusals: new RefusalsOfMany() };
  let writing: Promise<Batch> | undefined;
  try {
    for await (const batch of batchesOf(rows)) {
      if (writing !== undefined && batch.some(({ draft }) => namesConsents(draft))) {
        yield await writing;
        writing = undefined;
      }
      const prepared = await prepare(batch, settings, before);
      if (writing !== undefined) yield await writing;
      writing = write(prepared, settings);
      // Its failure is handled where the batch is awaited.
      writing.catch(() => undefined);
      // A real run finds lines before the batch being written in the database; a dry run has to remember them.
      if (!settings.isDryRun) before = { earlier: before.earlier.next(), refusals: new RefusalsOfMany() };
    }
    if (writing !== undefined) yield await writing;
  } finally {
    // When the file cannot be read to its end, the batch in progress is still written.
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

/** A checked batch, and its writes staged in its scope. `staged` rejects when staging was refused. */
type Prepared = Readonly<{
  rows: readonly Row[];
  scope: BusinessScope;
  result: Batch;
  staged: Promise<void>;
}>;

const prepare = async (
  rows: readonly Row[],
  { isDryRun, digest, type, scope: whole }: Import,
  before: Before = { earlier: new EarlierLines(), refusals: new RefusalsOfMany() },
): Promise<Prepared> => {
  const scope = whole.again();
  const settings = await currentSettingsOf(scope);
  const check: Check = { digest, type, businessId: scope.businessId, rules: { at: new Date(), settings } };
  const { accepted, skipped, refused } = await checkRows(rows, check, { scope, ...before });
  const stage = async (): Promise<void> => {
    for (const { customer, fields, statements, suppressions, keptAtEnd } of accepted) {
      const consents = statements.length === 0 ? undefined : { statements, suppressions, keptAtEnd };
      await addCustomer(customer, { settings, body: fields, consents }, scope);
    }
  };
  const staged = isDryRun ? Promise.resolve() : stage();
  await Promise.allSettled([staged]);
  return { rows, scope, result: { imported: accepted.length, skipped, refused }, staged };
};

const write = async (prepared: Prepared, settings: Import): Promise<Batch> => {
  const { rows, result } = prepared;
  if (settings.isDryRun) return result;
  let next: Prepared | undefined = prepared;
  try {
    return await retryConflicts(async () => {
      const attempt: Prepared = next ?? (await prepare(rows, settings));
      next = undefined;
      await attempt.staged;
      const extensions = await commit(attempt.scope);
      await settings.record?.(extensions);
      return attempt.result;
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const [only, ...others] = rows;
    if (only === undefined || others.length > 0) return await writeOneByOne(rows, settings);
    return { imported: 0, skipped: 0, refused: [{ line: only.line, findings: findingsOf(error) }] };
  }
};

/** Another write has taken the email or phone of a row meanwhile: only that row is to be refused. */
const writeOneByOne = async (rows: readonly Row[], settings: Import): Promise<Batch> => {
  const done: Batch[] = [];
  for (const row of rows) done.push(await write(await prepare([row], settings), settings));
  return {
    imported: done.reduce((sum, { imported }) => sum + imported, 0),
    skipped: done.reduce((sum, { skipped }) => sum + skipped, 0),
    refused: done.flatMap(({ refused }) => refused),
  };
};
