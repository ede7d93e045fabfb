import { handler as purge } from '#functions/purge-deleted-customers/handler.ts';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
import { setPurgeAfter } from '#test/support/due.ts';
import { type Call, run } from '#test/support/service.ts';
import type { Stored } from '#test/support/stored.ts';

/** The business that asks, and another one that holds the same names, emails and phones. */
export const OWN = 'a'.repeat(24);
export const FOREIGN = 'b'.repeat(24);

/** A customer of a business, by its number. */
const idIn = (businessId: string, number: number): string => `${businessId.slice(0, 22)}0${String(number)}`;
const [ANNA, BEN, CARL, DUE, GONE, LATER, DEAD, LOOSE] = [1, 2, 3, 4, 5, 6, 7, 8].map((number) =>
  idIn(OWN, number),
) as [string, string, string, string, string, string, string, string];

const contactOf = (number: number) => ({
  firstName: 'Anna Canary',
  lastName: 'Canaryson',
  email: `canary-${String(number)}@example.com`,
  phone: `2262790000${String(number)}`,
});

/** What is sealed of the other business, and of nobody else: it must come out nowhere. */
export const FOREIGN_CANARY = /canary-stranger|canary note of the stranger|226279999999/i;
const STRANGER = { email: 'canary-stranger@example.com', phone: '226279999999' };

const addTo = async (business: Business, numbers: readonly number[], overrides: object): Promise<void> => {
  for (const number of numbers)
    await added(business, { _id: idIn(business.businessId, number), ...contactOf(number), ...overrides });
};

/** Lets a customer be deleted with a reason in its history, and its time to go come. */
const letGo = async (service: Stored, business: Business, number: number): Promise<void> => {
  const id = idIn(business.businessId, number);
  await business.setState(id, { state: 'archived', reason: 'canary reason' });
  await business.delete(id);
  await setPurgeAfter(service, [id], new Date(0));
};

/** Fills the database with what the steps find; gives all that was answered of the other business. */
export const seed = async (service: Stored): Promise<string> => {
  const [own, foreign] = [aBusiness({ businessId: OWN }), aBusiness({ businessId: FOREIGN })];
  await addTo(own, [1, 2, 3, 4, 5], { note: 'canary note of the own' });
  await addTo(foreign, [1, 4, 5], { note: 'canary note of the stranger' });
  await added(foreign, { _id: idIn(FOREIGN, 2), ...contactOf(2), ...STRANGER });
  await foreign.chooseSettings({ retentionDays: 3, uniqueEmail: false, uniquePhone: false });
  for (const business of [own, foreign]) await letGo(service, business, 5);
  await run(purge, { largestShare: 1 });
  // Sealed with a key that is not the current one when the steps are taken.
  for (const business of [own, foreign]) {
    await addTo(business, [9], {});
    const [survivorId, loserId] = [2, 9].map((number) => idIn(business.businessId, number));
    await business.merge(survivorId ?? '', { loserId });
  }
  for (const business of [own, foreign]) await letGo(service, business, 4);
  return (await foreign.find()).text;
};

/** One request of the own business, or one run of a task. */
export type Step = Readonly<{ name: string; call?: Call; input?: object }>;

const ask = (name: string, call: Call = {}): Step => ({ name, call: { businessId: OWN, ...call } });
const start = (name: string, input: object = {}): Step => ({ name, input });

const operate = (input: object): Step =>
  start('#test/support/scope-mutants/operator.ts', { headers: { 'x-business-tenant-id': OWN }, ...input });

/** One that is held, one that only the other business has, and one that nobody has. */
const ROWS = [contactOf(2), STRANGER, contactOf(0)].map((fields, index) => ({
  line: index + 2,
  draft: fields,
}));

const ANY = { 'if-match': '*' };
const FIRST = { body: { _id: LATER, ...contactOf(6) }, headers: { 'idempotency-key': 'first' } };

/** Every route, every task and every errand of an operator, so that each query of the store is sent and its answer or its effect seen. */
export const STEPS: readonly Step[] = [
  ask('get-settings'),
  ask('get-customer', { id: ANNA }),
  ask('get-customer', { id: idIn(FOREIGN, 1) }),
  ask('get-customer-history', { id: ANNA }),
  ask('look-up-customer', { query: { email: contactOf(1).email } }),
  ask('look-up-customer', { query: { phone: contactOf(1).phone } }),
  ask('look-up-customer', { query: { email: STRANGER.email } }),
  ask('find-customers'),
  ask('find-customers', { query: { phrase: contactOf(1).email } }),
  ask('find-customers', { query: { phrase: 'anna canaryson', orderBy: 'id' } }),
  ask('find-customers', { query: { updatedSince: '2020-01-01T00:00:00.000Z' } }),
  ask('get-customer-statistics'),
  // Before an import, whose ids are made anew and come before or after others.
  ask('find-duplicates'),
  ask('find-duplicates', { query: { customerId: ANNA } }),
  operate({ errand: 'export' }),
  operate({ errand: 'import', rows: ROWS, isDryRun: true }),
  operate({ errand: 'import', rows: ROWS, isDryRun: false }),
  operate({ errand: 'import', rows: ROWS, isDryRun: false }),
  ask('create-customer', FIRST),
  ask('create-customer', FIRST),
  ask('create-customer', { body: { _id: ANNA, ...contactOf(1), note: 'canary again' } }),
  ask('create-customer', { body: contactOf(1) }),
  ask('create-customer', { body: { ...contactOf(9), _id: idIn(FOREIGN, 2) } }),
  ask('create-customer', { body: { _id: GONE, ...contactOf(9) } }),
  ask('create-customer', { body: { _id: DEAD, ...contactOf(7), state: 'deleted' } }),
  ask('change-customer', { id: ANNA, body: { note: 'canary changed' } }),
  ask('patch-customer', { id: BEN, body: { note: 'canary patched' }, headers: ANY }),
  ask('set-customer-state', { id: BEN, body: { state: 'archived', reason: 'canary' }, headers: ANY }),
  ask('delete-customer', { id: CARL }),
  ask('restore-customer', { id: CARL }),
  ask('merge-customer', { id: ANNA, body: { loserId: BEN, reason: 'canary' } }),
  ask('get-customer', { id: BEN }),
  ask('unmerge-customer', { id: ANNA, body: { loserId: BEN } }),
  ask('get-customer-history', { id: BEN }),
  ask('change-settings', { body: { uniqueEmail: false, uniquePhone: false } }),
  ask('create-customer', { body: { _id: LOOSE, ...contactOf(8) } }),
  ask('change-settings', { body: { uniqueEmail: true, uniquePhone: true } }),
  ask('create-customer', { body: contactOf(8) }),
  ask('get-settings'),
  start('enforce-uniqueness', { settleMs: 0 }),
  start('purge-deleted-customers', { dryRun: true, largestShare: 0.2, shareCountsFrom: 1 }),
  start('purge-deleted-customers', { largestShare: 1 }),
  start('reencrypt-customers', { settleMs: 0 }),
  start('verify-histories'),
  ask('get-customer', { id: DUE }),
];
