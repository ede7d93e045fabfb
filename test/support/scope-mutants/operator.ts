import type { Context } from 'aws-lambda';
import { type Import, importRows } from '#infra/ops/import/import-rows.ts';
import type { Row } from '#infra/ops/import/import-file.ts';
import { BusinessScope, SystemScope } from '#lib/domain/access/scope.ts';
import { logDefect } from '#lib/runtime/logger.ts';
import type { Place } from '#lib/store/histories/check-histories.ts';
import { countHistories } from '#lib/store/histories/count-histories.ts';
import { countLive, walkLive } from '#lib/store/customers/live-customers.ts';
import { forgetIfErased } from '#lib/store/messages/recorded-answers.ts';
import { eraseReturned } from '#lib/store/rights/replay.ts';

/**
 * What an operator's command does in the store, without its files; and what only a race, or a ledger that outlives the database,
 * makes the service do. The business of a command in one business is in the same place as in a request.
 */
type Errand =
  | (Readonly<{ headers: { 'x-business-tenant-id': string } }> &
      Readonly<
        | { errand: 'export' }
        | { errand: 'import'; rows: readonly Row[]; isDryRun: boolean }
        | { errand: 'forget'; route: string; key: string; customerIds: readonly string[] }
      >)
  | Readonly<{ errand: 'count-histories'; after: Place }>
  | Readonly<{ errand: 'replay'; returned: Place }>;

/** Runs a command as a Lambda handler, for a process that acts as an environment. It fails as a task does. */
export const handler = async (asked: Errand, { awsRequestId }: Context): Promise<unknown> => {
  try {
    return await run(asked, awsRequestId);
  } catch (error) {
    logDefect(error);
    throw new Error("The errand failed; the log line 'defect' of this request says where.", { cause: error });
  }
};

const run = async (asked: Errand, requestId: string): Promise<unknown> => {
  const deadline = Date.now() + 60_000;
  if (asked.errand === 'count-histories') {
    const { after } = asked;
    const { businessId } = after;
    const scope = new SystemScope({ purpose: 'verify-histories', requestId, deadline });
    return await countHistories({ businessId, after }, scope);
  }
  if (asked.errand === 'replay') {
    const scope = new SystemScope({ purpose: 'replay-erasures', requestId, deadline });
    const ended = { at: new Date(0), cause: 'request', auditSeq: 1, auditHead: '00'.repeat(32) } as const;
    return await eraseReturned([{ ...asked.returned, ...ended }], new Date(), scope);
  }
  const scope = new BusinessScope({
    businessId: asked.headers['x-business-tenant-id'],
    // The answers that were recorded are those of the requests' caller.
    actorId: asked.errand === 'forget' ? 'user-1' : 'operator:canary',
    role: 'OWNER',
    mayDelete: true,
    purpose: asked.errand === 'export' ? 'hand-over-records' : 'take-over-records',
    requestId,
    deadline,
  });
  if (asked.errand === 'export') return [await countLive(scope), await allOf(walkLive(scope))];
  if (asked.errand === 'forget') {
    const { route, key, customerIds } = asked;
    await forgetIfErased({ route, key, payload: '' }, customerIds, scope);
    return null;
  }
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
