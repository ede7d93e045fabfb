import { Types } from 'mongoose';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import type { SQSRecord } from 'aws-lambda';
import {
  anOrderDto,
  anOrderLine,
  aPaymentDto,
  atMinute,
  order,
  orderMessage,
  paymentMessage,
} from '#test/support/activity.ts';
import { type Business, aBusiness, added } from '#test/support/a-business.ts';
import { age, keep } from '#test/support/archived.ts';
import { setPurgeAfter } from '#test/support/due.ts';
import { storeFormerPhone } from '#test/support/former-phone.ts';
import { keyringOf, keysIn } from '#test/support/keyrings.ts';
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

/** Has the email of another one, and refuses what that one has granted. */
const NEIGHBOUR = idIn(OWN, 18);

/** Goes to the archive and comes back; goes there and is erased. */
const ARCHIVED = idIn(OWN, 17);
const AWAY = idIn(OWN, 19);

/** Has been in the archive since before the rotation. */
const STAYS = idIn(OWN, 23);

/** Has a phone as earlier versions stored it, which means this number in the country of its business. */
const FORMER = idIn(OWN, 21);
const [FORMER_PHONE, MEANT_PHONE] = ['512345678', '+48 512 345 678'];

/** Was erased, and is back because the database was restored. */
const RETURNED = idIn(OWN, 22);

const contactOf = (number: number) => ({
  firstName: 'Anna Canary',
  lastName: 'Canaryson',
  email: `canary-${String(number)}@example.com`,
  phone: `4926270000${String(number)}`,
});

/** An encrypted value that only the other business has: it must come out nowhere. */
export const FOREIGN_CANARY = /canary-stranger|canary note of the stranger|492627999999/i;
const STRANGER = { email: 'canary-stranger@example.com', phone: '492627999999' };

/** Conditions that every active customer meets. */
const EVERYBODY = { visitsAtLeast: 0 };
const SEGMENTS = [idIn(OWN, 20), idIn(FOREIGN, 20)];

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

/** A person as an order copies it. The letter case of the email differs, and its id may be another one. */
const copyOf = (number: number, _id: string) => ({
  ...contactOf(number),
  email: contactOf(number).email.toUpperCase(),
  customerType: 'regular',
  _id,
});
const ALIAS = 'c'.repeat(24);
const sourceIn = (number: number): string => `${'d'.repeat(22)}${String(number).padStart(2, '0')}`;
const visit = (number: number, people: readonly Readonly<Record<string, unknown>>[], hour: number) =>
  anOrderDto([], {
    _id: sourceIn(number),
    services: [
      anOrderLine(people, { status: 'done', start: new Date(Date.UTC(2026, 0, 1, hour)).toISOString() }),
    ],
  });

/** A merged customer with an order, which a step purges: the survivor gets the order, and has one of the same source. */
const seedOrders = async (service: Stored, own: Business): Promise<void> => {
  await addTo(own, [12, 13], {});
  const [survivorId, loserId] = [12, 13].map((number) => idIn(OWN, number)) as [string, string];
  await order(OWN, visit(1, [copyOf(12, survivorId), copyOf(13, loserId)], 5), { time: atMinute(0) });
  await order(OWN, visit(2, [copyOf(13, loserId)], 7), { time: atMinute(0) });
  await own.merge(survivorId, { loserId });
  await setPurgeAfter(service, [loserId], new Date(0));
};

/** Customers who are due for the archive, one with an order, and the survivor of `seedOrders`, who has to wait. */
const seedArchive = async (service: Stored, own: Business): Promise<void> => {
  // Like nobody else: the pairs of possible duplicates stay on one page.
  const unlike = {
    firstName: 'Zoe',
    lastName: 'Canaryfar',
    email: 'far@canary.example',
    phone: '48600700800',
  };
  await addTo(own, [23], { ...unlike, note: 'canary note of the archive' });
  await own.setState(STAYS, { state: 'archived' });
  await age(service, STAYS);
  await own.chooseSettings({ archiveAfterDays: 1 });
  await keep();
  // A step saves the first settings of the business.
  await service.database
    .collection<{ _id: Types.ObjectId }>('business_settings')
    .deleteOne({ _id: new Types.ObjectId(OWN) });
  await addTo(own, [17, 19], { note: 'canary note of the archive' });
  await order(OWN, visit(7, [copyOf(17, ARCHIVED)], 13), { time: atMinute(0) });
  for (const id of [ARCHIVED, AWAY, idIn(OWN, 12)]) {
    await own.setState(id, { state: 'archived' });
    await age(service, id);
  }
};

/** Fills the database with what the steps need. Returns everything that was answered about the other business. */
export const seed = async (service: Stored): Promise<string> => {
  const [own, foreign] = [aBusiness({ businessId: OWN }), aBusiness({ businessId: FOREIGN })];
  await addTo(own, [1, 2, 3, 4, 5], { note: 'canary note of the own' });
  await addTo(foreign, [1, 4, 5], { note: 'canary note of the stranger' });
  await addTo(foreign, [16], {});
  await added(foreign, { _id: idIn(FOREIGN, 2), ...contactOf(2), ...STRANGER });
  await foreign.chooseSettings({
    ...{ retentionDays: 3, uniqueEmail: false, uniquePhone: false, defaultCountry: 'GB' },
  });
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
  await seedOrders(service, own);
  await seedArchive(service, own);
  await addTo(own, [21, 22], {});
  await storeFormerPhone(service, { id: FORMER, phone: FORMER_PHONE }, keysIn(keyringOf('k1'), OWN));
  // The other business has newer refusals of the same addresses.
  await own.record(ANNA, [statement({ granted: false, givenAt: givenOn(2) })]);
  await foreign.record(idIn(FOREIGN, 1), [
    statement({ granted: false, givenAt: givenOn(9), source: 'canary-stranger' }),
    statement({ channel: 'sms', granted: false, givenAt: givenOn(9), source: 'canary-stranger' }),
  ]);
  for (const [business, name] of [
    [own, 'Canaries'],
    [foreign, 'Canaries of the stranger'],
  ] as const) {
    // Its id is one of the scenario's own, so that steps can name it.
    const { segmentId } = (await business.createSegment({ name, definition: EVERYBODY })).body;
    const segments = service.database.collection('segment');
    const made = await segments.findOne({ _id: new Types.ObjectId(String(segmentId)) });
    await segments.deleteOne({ _id: new Types.ObjectId(String(segmentId)) });
    await segments.insertOne({ ...made, _id: new Types.ObjectId(idIn(business.businessId, 20)) });
  }
  return (await foreign.find()).text;
};

/** One request of the own business, or one run of a task. */
export type Step = Readonly<{ name: string; call?: Call; input?: object }>;

const ask = (name: string, call: Call = {}): Step => ({ name, call: { businessId: OWN, ...call } });
const start = (name: string, input: object = {}): Step => ({ name, input });

/** Events of other services, as the queue delivers them. */
const hear = (name: 'record-order' | 'record-payment' | 'confirm-erasure', message: SQSRecord): Step =>
  start(name, { Records: [message] });
const confirm = (erasureId: string): Step => {
  const event = { source: 'example.invoices', type: 'beeoclock.customer.erasure-confirmed.v1' };
  return hear(
    'confirm-erasure',
    aMessage(bodyOf(aCloudEvent({ ...event, businessid: OWN, data: { erasureId } }))),
  );
};

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
  ask('change-settings', { body: { archiveAfterDays: 1 } }),
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
  ask('find-segments'),
  ask('create-segment', { body: { name: 'Canary regulars', definition: { visitsAtLeast: 3 } } }),
  ...SEGMENTS.map((segmentId) => ask('get-segment', { path: { segmentId } })),
  ...SEGMENTS.map((segmentId) =>
    ask('change-segment', { path: { segmentId }, body: { name: 'Canary all', definition: EVERYBODY } }),
  ),
  ...SEGMENTS.map((segmentId) => ask('find-recipients', { body: { channel: 'sms', segmentId } })),
  ...['reminders', 'marketing'].flatMap((purpose) => [
    ask('find-recipients', { body: { channel: 'email', purpose, segment: EVERYBODY } }),
    ask('find-recipients', {
      body: { channel: 'email', purpose, customerIds: [ANNA, BEN, idIn(FOREIGN, 1), idIn(FOREIGN, 2)] },
    }),
  ]),
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
  // A known customer, one by its email under another id, one of the other business, and one that was purged.
  hear('record-order', orderMessage(OWN, visit(3, [copyOf(1, ANNA)], 9), { time: atMinute(1) })),
  hear('record-order', orderMessage(OWN, visit(4, [copyOf(1, ALIAS)], 11), { time: atMinute(1) })),
  ask('get-customer', { id: ALIAS }),
  hear(
    'record-order',
    orderMessage(OWN, visit(5, [copyOf(14, idIn(FOREIGN, 1)), copyOf(15, GONE)], 3), { time: atMinute(1) }),
  ),
  // The first and the last visit go, so the others are read.
  hear('record-order', orderMessage(OWN, visit(3, [copyOf(1, ALIAS)], 10), { time: atMinute(2) })),
  hear('record-order', orderMessage(OWN, visit(4, [], 11), { time: atMinute(2) })),
  hear(
    'record-payment',
    paymentMessage(OWN, aPaymentDto(copyOf(1, ANNA), { _id: sourceIn(6) }), { time: atMinute(1) }),
  ),
  start('recount-activity', { businessId: OWN }),
  start('keep-archive'),
  ask('find-orders', { id: ARCHIVED }),
  hear('record-order', orderMessage(OWN, visit(8, [copyOf(17, ARCHIVED)], 14), { time: atMinute(1) })),
  ask('recall-customer', { id: ARCHIVED }),
  start('keep-archive'),
  ask('find-orders', { id: ARCHIVED }),
  ask('get-customer', { id: ARCHIVED }),
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
  hear('record-order', orderMessage(OWN, visit(9, [copyOf(1, ANNA)], 12), { time: atMinute(1) })),
  // The first of its orders is left out, so the others are asked for.
  ask('get-snapshot', { id: ANNA, query: { at: '2026-01-02T00:00:00.000Z', exceptOrder: sourceIn(3) } }),
  ask('get-snapshots', { body: { customerIds: [ANNA, idIn(FOREIGN, 1)], exceptOrder: ANNA } }),
  // The last one is in the other business only, and becomes a customer of the own one.
  ask('find-attendees', {
    body: {
      attendees: [
        ...[{ _id: ANNA }, { _id: idIn(FOREIGN, 1) }, contactOf(2)],
        { customer: { ...contactOf(16), _id: idIn(OWN, 16) } },
      ],
    },
  }),
  ask('set-preferences', { id: ANNA, body: { language: 'pl', invoicing: { name: 'canary of an invoice' } } }),
  ask('get-preferences', { id: ANNA }),
  ask('get-preferences', { id: idIn(FOREIGN, 1) }),
  ask('place-legal-hold', { id: ANNA, body: { reason: 'canary reason of a hold' } }),
  ask('get-legal-hold', { id: ANNA }),
  ask('release-legal-hold', { id: ANNA }),
  ask('merge-customer', { id: ANNA, body: { loserId: BEN, reason: 'canary' } }),
  ask('get-customer', { id: BEN }),
  ask('change-customer', { id: BEN, body: { lastName: 'Canary of the merged' } }),
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
  // Addresses may be those of several now.
  ask('find-recipients', {
    body: { channel: 'email', purpose: 'reminders', customerIds: [ANNA, CARL, LATER, LOOSE] },
  }),
  ask('record-consents', { id: LOOSE, body: { consents: [statement({ givenAt: givenOn(3) })] } }),
  ask('create-customer', { body: { _id: NEIGHBOUR, ...contactOf(8) } }),
  ask('record-consents', {
    id: NEIGHBOUR,
    body: { consents: [statement({ granted: false, givenAt: givenOn(4) })] },
  }),
  ask('delete-customer', { id: NEIGHBOUR }),
  ...SEGMENTS.map((segmentId) => ask('delete-segment', { path: { segmentId } })),
  ask('change-settings', { body: { uniqueEmail: true, uniquePhone: true } }),
  ask('create-customer', { body: contactOf(8) }),
  ask('get-settings'),
  start('enforce-uniqueness', { settleMs: 0 }),
  start('purge-deleted-customers', { dryRun: true, largestShare: 0.2, shareCountsFrom: 1 }),
  start('purge-deleted-customers', { largestShare: 1 }),
  // The survivor of a purged customer waits for its orders.
  start('keep-archive'),
  start(OPERATOR, { errand: 'replay', returned: { businessId: OWN, customerId: RETURNED } }),
  start('finish-erasures'),
  start('reencrypt-customers', { settleMs: 0 }),
  ask('find-customers', { query: { phrase: contactOf(11).email } }),
  ask('look-up-customer', { query: { phone: MEANT_PHONE } }),
  start('recount-activity'),
  start('verify-histories'),
  // After one of these places at least, the other business has another number of links, or of erasure records.
  ...[DUE, idIn(OWN, 13)].map((customerId) =>
    start(OPERATOR, { errand: 'count-histories', after: { businessId: OWN, customerId } }),
  ),
  ask('get-customer', { id: DUE }),
  ask('get-erasure', { id: DUE }),
  ask('get-erasure', { id: idIn(FOREIGN, 1) }),
  ask('merge-customer', { id: ANNA, body: { loserId: BEN } }),
  ask('erase-customer', { id: BEN, body: { reason: 'canary wish' } }),
  ask('erase-customer', { id: idIn(FOREIGN, 1), body: { reason: 'canary wish' } }),
  ask('erase-customer', { id: ANNA, body: { reason: 'canary wish' } }),
  ask('erase-customer', { id: AWAY, body: { reason: 'canary wish' } }),
  confirm(BEN),
  confirm(idIn(FOREIGN, 5)),
  ask('get-erasure', { id: BEN }),
  // Deletes what the archive has of an erased customer.
  start('keep-archive'),
  start('finish-erasures'),
  operate({ errand: 'forget', route: 'create-customer', key: 'first', customerIds: [GONE] }),
];
