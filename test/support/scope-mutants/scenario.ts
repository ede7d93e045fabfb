import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
import { setPurgeAfter } from '#test/support/due.ts';
import { aCloudEvent, aMessage, bodyOf } from '#test/support/queue-messages.ts';
import { type Call, run } from '#test/support/service.ts';
import type { Stored } from '#test/support/stored.ts';

/** The calling business, and another business with the same names, emails and phones. */
export const OWN = 'a'.repeat(24);
export const FOREIGN = 'b'.repeat(24);

/** A customer of a business, by its number. */
const idIn = (businessId: string, number: number): string =>
  `${businessId.slice(0, 22)}${String(number).padStart(2, '0')}`;
const [ANNA, BEN, CARL, DUE, GONE, LATER, DEAD, LOOSE] = [1, 2, 3, 4, 5, 6, 7, 8].map((number) =>
  idIn(OWN, number),
) as [string, string, string, string, string, string, string, string];

const contactOf = (number: number) => ({
  firstName: 'Anna Canary',
  lastName: 'Canaryson',
  email: `canary-${String(number)}@example.com`,
  phone: `4926270000${String(number)}`,
});

/** An encrypted value that only the other business has: it must come out nowhere. */
export const FOREIGN_CANARY = /canary-stranger|canary note of the stranger|492627999999/i;
const STRANGER = { email: 'canary-stranger@example.com', phone: '492627999999' };

const addTo = async (business: Business, numbers: readonly number[], overrides: object): Promise<void> => {
  for (const number of numbers)
    await added(business, { _id: idIn(business.businessId, number), ...contactOf(number), ...overrides });
};

/** Deletes a customer with a reason in its history, and makes it due for a purge. */
const letGo = async (service: Stored, business: Business, number: number): Promise<void> => {
  const id = idIn(business.businessId, number);
  await business.setState(id, { state: 'archived', reason: 'canary reason' });
  await business.delete(id);
  await setPurgeAfter(service, [id], new Date(0));
};

const statement = (parts: object) => ({
  ...{ purpose: 'marketing', channel: 'email', granted: true, source: 'desk', lawfulBasis: 'consent' },
  ...parts,
});
const givenOn = (day: number): string => new Date(Date.UTC(2026, 0, day)).toISOString();

/** Fills the database with what the steps need. Returns everything that was answered about the other business. */
export const seed = async (service: Stored): Promise<string> => {
  const [own, foreign] = [aBusiness({ businessId: OWN }), aBusiness({ businessId: FOREIGN })];
  await addTo(own, [1, 2, 3, 4, 5], { note: 'canary note of the own' });
  await addTo(foreign, [1, 4, 5], { note: 'canary note of the stranger' });
  await added(foreign, { _id: idIn(FOREIGN, 2), ...contactOf(2), ...STRANGER });
  await foreign.chooseSettings({ retentionDays: 3, uniqueEmail: false, uniquePhone: false });
  for (const business of [own, foreign]) await letGo(service, business, 5);
  await run(purge, { largestShare: 1 });
  // Encrypted with a key that is no longer current when the steps run.
  for (const business of [own, foreign]) {
    await addTo(business, [9], {});
    const [survivorId, loserId] = [2, 9].map((number) => idIn(business.businessId, number));
    await business.merge(survivorId ?? '', { loserId });
  }
  // No step touches these two before the re-encryption, which must find the loser's values again.
  for (const business of [own, foreign]) {
    await addTo(business, [10, 11], {});
    const [survivorId, loserId] = [10, 11].map((number) => idIn(business.businessId, number));
    await business.merge(survivorId ?? '', { loserId });
  }
  for (const business of [own, foreign]) await letGo(service, business, 4);
  // The other business has newer refusals of the same addresses.
  await own.record(ANNA, [statement({ granted: false, givenAt: givenOn(2) })]);
  await foreign.record(idIn(FOREIGN, 1), [
    statement({ granted: false, givenAt: givenOn(9), source: 'canary-stranger' }),
    statement({ channel: 'sms', granted: false, givenAt: givenOn(9), source: 'canary-stranger' }),
  ]);
  return (await foreign.find()).text;
};

/** One request of the own business, or one run of a task. */
export type Step = Readonly<{ name: string; call?: Call; input?: object }>;

const ask = (name: string, call: Call = {}): Step => ({ name, call: { businessId: OWN, ...call } });
const start = (name: string, input: object = {}): Step => ({ name, input });

/** An event of another service, in the own business. */
const hear = (name: string, event: object): Step =>
  start(name, { Records: [aMessage(bodyOf(aCloudEvent({ businessid: OWN, ...event })))] });
const confirm = (erasureId: string): Step =>
  hear('confirm-erasure', {
    source: 'example.invoices',
    type: 'beeoclock.customer.erasure-confirmed.v1',
    data: { erasureId },
  });

const OPERATOR = '#test/support/scope-mutants/operator.ts';
const operate = (input: object): Step =>
  start(OPERATOR, { headers: { 'x-business-tenant-id': OWN }, ...input });

/** Rows to import: contacts that the own business has, contacts that only the other business has, and new ones. */
const ROWS = [contactOf(2), STRANGER, contactOf(0)].map((fields, index) => ({
  line: index + 2,
  draft: fields,
}));

const ANY = { 'if-match': '*' };
const FIRST = { body: { _id: LATER, ...contactOf(6) }, headers: { 'idempotency-key': 'first' } };

/** All routes, tasks and operator commands: each query of the store is sent, and its answer or effect is compared. */
export const STEPS: readonly Step[] = [
  ask('get-settings'),
  ask('get-customer', { id: ANNA }),
  ask('get-customer', { id: idIn(FOREIGN, 1) }),
  ask('get-customer-history', { id: ANNA }),
  ask('get-consents', { id: ANNA }),
  ask('get-consents', { id: idIn(FOREIGN, 1) }),
  ask('record-consents', { id: ANNA, body: { consents: [statement({ givenAt: givenOn(3) })] } }),
  ask('record-consents', {
    id: ANNA,
    body: { consents: [statement({ channel: 'sms', givenAt: givenOn(5) })] },
  }),
  // A refusal that is kept, then a newer one.
  ...[6, 7].map((day) =>
    ask('record-consents', {
      id: ANNA,
      body: { consents: [statement({ channel: 'phone', granted: false, givenAt: givenOn(day) })] },
    }),
  ),
  ask('record-consents', { id: idIn(FOREIGN, 1), body: { consents: [statement({ givenAt: givenOn(3) })] } }),
  ask('get-consents', { id: ANNA }),
  ask('look-up-customer', { query: { email: contactOf(1).email } }),
  ask('look-up-customer', { query: { phone: contactOf(1).phone } }),
  ask('look-up-customer', { query: { email: STRANGER.email } }),
  // By a role that sees masks: a hit and a miss are counted.
  ask('look-up-customer', { role: 'SUPPORT', query: { email: contactOf(1).email } }),
  ask('look-up-customer', { role: 'SUPPORT', query: { email: STRANGER.email } }),
  ask('find-customers'),
  ask('find-customers', { query: { phrase: contactOf(1).email } }),
  ask('find-customers', { query: { phrase: 'anna canaryson', orderBy: 'id' } }),
  ask('find-customers', { query: { updatedSince: '2020-01-01T00:00:00.000Z' } }),
  ask('get-customer-statistics'),
  // Before an import, whose ids are new each time and sort before or after others.
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
  ask('find-orders', { id: ANNA }),
  ask('find-orders', { id: ANNA, query: { pageSize: '1', status: 'done' } }),
  ask('find-orders', { id: idIn(FOREIGN, 1) }),
  ask('find-payments', { id: ANNA }),
  ask('tell-first-time', { query: { customerId: ANNA } }),
  ask('tell-first-time', { query: { email: STRANGER.email, customerId: idIn(FOREIGN, 1) } }),
  ask('get-snapshot', { id: ANNA }),
  ask('get-snapshots', { body: { customerIds: [ANNA, idIn(FOREIGN, 1)], exceptOrder: ANNA } }),
  ask('find-attendees', {
    body: { attendees: [{ _id: ANNA }, { _id: idIn(FOREIGN, 1) }, contactOf(2), { customer: STRANGER }] },
  }),
  ask('set-preferences', { id: ANNA, body: { language: 'pl', invoicing: { name: 'canary of an invoice' } } }),
  ask('get-preferences', { id: ANNA }),
  ask('get-preferences', { id: idIn(FOREIGN, 1) }),
  ask('place-legal-hold', { id: ANNA, body: { reason: 'canary reason of a hold' } }),
  ask('get-legal-hold', { id: ANNA }),
  ask('release-legal-hold', { id: ANNA }),
  ask('merge-customer', { id: ANNA, body: { loserId: BEN, reason: 'canary' } }),
  ask('get-customer', { id: BEN }),
  ask('export-customer', { id: ANNA, query: { staff: 'true' } }),
  ask('place-legal-hold', { id: BEN, body: { reason: 'canary reason of a hold' } }),
  ask('get-legal-hold', { id: BEN }),
  ask('release-legal-hold', { id: BEN }),
  ask('unmerge-customer', { id: ANNA, body: { loserId: BEN } }),
  ask('recall-customer', { id: BEN }),
  ask('get-customer-history', { id: BEN }),
  ask('erase-customer', { id: BEN, body: { reason: 'canary wish', dryRun: true } }),
  ask('change-settings', { body: { uniqueEmail: false, uniquePhone: false } }),
  ask('create-customer', { body: { _id: LOOSE, ...contactOf(8) } }),
  ask('change-settings', { body: { uniqueEmail: true, uniquePhone: true } }),
  ask('create-customer', { body: contactOf(8) }),
  ask('get-settings'),
  start('enforce-uniqueness', { settleMs: 0 }),
  start('purge-deleted-customers', { dryRun: true, largestShare: 0.2, shareCountsFrom: 1 }),
  start('purge-deleted-customers', { largestShare: 1 }),
  start('finish-erasures'),
  start('reencrypt-customers', { settleMs: 0 }),
  ask('find-customers', { query: { phrase: contactOf(11).email } }),
  start('verify-histories'),
  // After this place, the other business has another number of links and another number of erasure records.
  start(OPERATOR, { errand: 'count-histories', after: { businessId: OWN, customerId: DUE } }),
  ask('get-customer', { id: DUE }),
  ask('get-erasure', { id: DUE }),
  ask('get-erasure', { id: idIn(FOREIGN, 1) }),
  ask('merge-customer', { id: ANNA, body: { loserId: BEN } }),
  ask('erase-customer', { id: BEN, body: { reason: 'canary wish' } }),
  ask('erase-customer', { id: idIn(FOREIGN, 1), body: { reason: 'canary wish' } }),
  ask('erase-customer', { id: ANNA, body: { reason: 'canary wish' } }),
  confirm(BEN),
  confirm(idIn(FOREIGN, 5)),
  ask('get-erasure', { id: BEN }),
];
