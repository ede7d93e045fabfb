import type { Context } from 'aws-lambda';
import { type Import, importRows } from '#infra/ops/import/import-rows.ts';
import type { Row } from '#infra/ops/import/source.ts';
import { BusinessScope } from '#lib/domain/actor.ts';
import { logDefect } from '#lib/runtime/logger.ts';
import { countLive, walkLive } from '#lib/store/customer-walk.ts';

/** What an operator's command asks of the store, without its files. The business is where a request names it. */
type Errand = Readonly<{ headers: { 'x-business-tenant-id': string } }> &
  Readonly<{ errand: 'export' } | { errand: 'import'; rows: readonly Row[]; isDryRun: boolean }>;

/** Runs an errand as a Lambda handler would be run, so that a process that plays an environment can; it fails as a task does. */
export const handler = async (asked: Errand, { awsRequestId }: Context): Promise<unknown> => {
  try {
    return await run(asked, awsRequestId);
  } catch (error) {
    logDefect(error);
    throw new Error("The errand failed; the log line 'defect' of this request says where.", { cause: error });
  }
};

const run = async (asked: Errand, requestId: string): Promise<unknown> => {
  const scope = new BusinessScope({
    businessId: asked.headers['x-business-tenant-id'],
    actorId: 'operator:canary',
    role: 'OWNER',
    purpose: asked.errand === 'export' ? 'hand-over-records' : 'take-over-records',
    requestId,
    deadline: Date.now() + 60_000,
  });
  if (asked.errand === 'export') return [await countLive(scope), await allOf(walkLive(scope))];
  const { rows, isDryRun } = asked;
  const running: Import = { digest: 'c'.repeat(64), type: undefined, isDryRun, scope };
  return await allOf(importRows(each(rows), running));
};

// eslint-disable-next-line @typescript-eslint/require-await -- the rows of a file come one after the other
async function* each(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows;
}

const allOf = async <T>(given: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const one of given) all.push(one);
  return all;
};
