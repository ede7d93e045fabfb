import { changeCustomer } from '#functions/customers/change-customer/change-customer.ts';
import { createCustomer } from '#functions/customers/create-customer/create-customer.ts';
import { setCustomerState } from '#functions/customers/set-customer-state/set-customer-state.ts';
import { mergeCustomer } from '#functions/duplicates/merge-customer/merge-customer.ts';
import { CustomerDraft } from '#lib/contract/customer-draft.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { HistoryExtension } from '#lib/domain/histories/history-extension.ts';
import { currentSettingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { commit, rehearse } from '#lib/store/database/unit-of-work.ts';
import { merges } from '#lib/store/duplicates/merges.ts';
import { readPage } from '#lib/store/lists/pages.ts';
import type { Counts } from '../count-with-progress.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import {
  type InventedCustomer,
  inventedCustomers,
  inventedPairs,
  isInventedEmail,
  type Step,
} from './invented-customers.ts';
import { tellOf } from './invented-activity.ts';

/** How many customers are written in one transaction. */
const AT_ONCE = 25;
const PAGE = 100;

const ports = { customers, merges, settingsOf: currentSettingsOf, rehearse, now: () => new Date() };
const [create, change, move, merge] = [
  createCustomer(ports),
  changeCustomer(ports),
  setCustomerState(ports),
  mergeCustomer(ports),
];

type Record = (extensions: readonly HistoryExtension[]) => Promise<void>;
/** Where to seed, and what gets a line for each change. */
export type Seeding = Readonly<{ scope: BusinessScope; record: Record }>;

/** How many customers are as they should be after a part of the work. */
export type Seeded = Counts<'done'>;

/** Whether the business has a customer that may be a real person: one that was not invented, and whose email could be somebody's. */
export const hasRealCustomers = async (whole: BusinessScope): Promise<boolean> => {
  const invented = new Set(inventedCustomers(whole.businessId).map(({ id }) => id));
  const query = { orderBy: 'createdAt', orderDir: 'asc', pageSize: PAGE } as const;
  let cursor: string | undefined;
  do {
    const page = await readPage({ ...query, cursor }, whole.again());
    if (page.customers.some(({ id, email }) => !invented.has(id) && !isInventedEmail(email))) return true;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return false;
};

const slices = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, index) =>
    all.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );

/** Runs an attempt in a scope of its own and saves what it stages. */
const saving = async ({ scope, record }: Seeding, attempt: (own: BusinessScope) => Promise<unknown>) => {
  await retryConflicts(async () => {
    const own = scope.again();
    await attempt(own);
    await record(await commit(own));
  });
};

/** Creates those that were never created: who was erased or purged stays away, and who was changed stays as it is. */
const createMissing = async (invented: readonly InventedCustomer[], own: BusinessScope): Promise<void> => {
  for (const { id, draft } of invented) {
    const [stored, isErased] = [await customers.find(id, own), await customers.isErased(id, own)];
    if (stored !== null || isErased) continue;
    const body = CustomerDraft.parse({ ...draft, _id: id });
    await create({ params: undefined, query: undefined, body }, own);
  }
};

const take = (id: string, step: Step, own: BusinessScope): Promise<unknown> =>
  'fields' in step
    ? change({ params: { id }, query: undefined, body: step.fields }, own)
    : move({ params: { id }, query: undefined, body: step }, own);

/** The first step of a customer that was not taken yet: each adds 1 to the version. Who was changed by others has more. */
const takeNext = async (invented: readonly InventedCustomer[], own: BusinessScope): Promise<void> => {
  for (const { id, steps } of invented) {
    const stored = await customers.find(id, own);
    const step = stored === null || stored.isMerged ? undefined : steps[stored.customer.version];
    if (step !== undefined) await take(id, step, own);
  }
};

const mergePairs = async (seeding: Seeding): Promise<void> => {
  for (const { survivorId, loserId, isMerged } of inventedPairs(seeding.scope.businessId)) {
    if (!isMerged) continue;
    await saving(seeding, async (own) => {
      const [survivor, loser] = [await customers.find(survivorId, own), await customers.find(loserId, own)];
      // A loser with a later version was merged already, and may have been unmerged since.
      if (survivor === null || loser?.customer.version !== 0) return;
      const body = { loserId, dryRun: false, reason: 'The same person, entered twice.' };
      await merge({ params: { id: survivorId }, query: undefined, body }, own);
    });
  }
};

/**
 * Fills a business with invented customers, as clients would: through the use cases, so that claims, indexes, histories and events
 * are right. Safe to stop and to run again: customers that exist stay as they are.
 */
export async function* seed(seeding: Seeding): AsyncGenerator<Seeded> {
  const all = inventedCustomers(seeding.scope.businessId);
  for (const some of slices(all)) {
    await saving(seeding, (own) => createMissing(some, own));
    const rounds = Math.max(...some.map(({ steps }) => steps.length));
    for (let round = 0; round < rounds; round += 1) await saving(seeding, (own) => takeNext(some, own));
    for (const one of some) await tellOf(one, (attempt) => saving(seeding, attempt));
    yield { done: some.length };
  }
  await mergePairs(seeding);
}
