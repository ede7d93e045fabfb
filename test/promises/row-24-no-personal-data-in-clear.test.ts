import { describe, expect, it } from '@jest/globals';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { aBusiness } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { ValueIndex } from '#test/support/canaries.ts';
import { disguiseIn, searchAtRest } from '#test/support/data-at-rest.ts';
import { makeDue } from '#test/support/due.ts';
import { addMany } from '#test/support/many-customers.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { run, useService } from '#test/support/service.ts';
import { shapesAtRest } from '#test/support/shape-at-rest.ts';
import { countIn } from '#test/support/stored.ts';

const service = useService('row-24');
const CUSTOMERS = sized({ short: 200, full: 10_000 });
/** So many of them live a whole life by way of the routes. */
const THROUGH_ROUTES = sized({ short: 16, full: 500 });

const secrets = new ValueIndex();
/** The secrets, and the names too. */
const all = new ValueIndex();

/** A customer whose values are looked for as a whole and by their parts. */
const aWatchedCustomer = (overrides: Readonly<Record<string, unknown>> = {}) => {
  const draft = aCustomer({ customerType: 'new' });
  const watched = {
    ...draft,
    email: draft.email.replace('example', 'Example'),
    note: `${draft.note} – żółć. "Quoted" ${draft.note} again.`,
  };
  learn(watched);
  return { ...watched, ...overrides };
};

const learn = ({ email, phone, note, lastName }: Record<'email' | 'phone' | 'note' | 'lastName', string>) => {
  const [local = ''] = email.split('@');
  const [sentence = ''] = note.split('.');
  for (const value of [email, local, phone, phone.slice(2), note, sentence]) aSecret(value);
  all.add(lastName);
};

const aSecret = (text: string): string => {
  secrets.add(text);
  all.add(text);
  return text;
};

/** One customer, from its creation to where its life goes on, stands still or ends. */
const live = async (business: ReturnType<typeof aBusiness>, index: number): Promise<void> => {
  const draft = aWatchedCustomer();
  const headers = { 'idempotency-key': draft.email };
  const { _id } = (await business.create(draft, { headers })).body;
  expect((await business.create(draft, { headers })).headers['idempotent-replayed']).toBe('true');
  const { email, phone, note } = aWatchedCustomer();
  const conditional = { 'if-match': '*', 'idempotency-key': `state ${note}` };
  const reason = aSecret(`canary reason ${String(index)} of ${note}`);
  const answers = [
    await business.change(_id, { email, phone }),
    await business.patch(_id, { note }),
    await business.setState(_id, { state: 'suspended', reason }, { headers: conditional }),
    await business.placeHold(_id, aSecret(`canary hold ${String(index)} of ${note}`)),
    await business.delete(_id),
    await business.restore(_id, { headers: { 'idempotency-key': `restore ${email}` } }),
    await business.lookUp({ email }),
    await business.find({ phrase: draft.lastName }),
  ];
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  if (index % 4 === 0) expect((await business.releaseHold(_id)).status).toBe(200);
  if (index % 4 === 0) await makeDue(service, business, _id);
  if (index % 4 === 1) await business.delete(_id);
};

describe('no personal data in clear where it is encrypted', () => {
  it(
    'no collection holds an email, phone, note or reason in clear or encoded, and names only where they are listed',
    async () => {
      const business = aBusiness();
      await business.chooseSettings({ retentionDays: 30 });
      for (let index = 0; index < THROUGH_ROUTES; index += 1) await live(business, index);
      await run(purge, { largestShare: 1 });
      await addMany(business.businessId, CUSTOMERS - THROUGH_ROUTES, () => ({
        ...aWatchedCustomer(),
        customerType: 'new',
      }));
      for (const collection of ['customer_audit', 'outbox', 'idempotency', 'erasure', 'tombstone'])
        expect([collection, await countIn(service, collection)]).not.toEqual([collection, 0]);
      const { found, collections, documents, bytesRead } = await searchAtRest(service, { secrets, all });
      expect(found).toEqual([]);
      report(
        24,
        `${CUSTOMERS} customers (full: 10,000), ${THROUGH_ROUTES} of them through every route that writes (full: 500): ` +
          `${documents} documents of ${collections.length} collections, ${bytesRead} raw bytes: 0 values in clear text`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});

describe('a copy of the database', () => {
  const reasonOf = (length: number): string => `canary ${'reason '.repeat(length)}`.slice(0, length);

  it(
    'shows lengths in classes only, and no order of keyed hashes: of a customer, a reason, an answer, a merge',
    async () => {
      const business = aBusiness();
      for (const length of [8, 15, 16, 300, 500]) {
        const { _id: id } = (await business.create(aWatchedCustomer({ note: reasonOf(length * 9) }))).body;
        const moved = await business.setState(id, { state: 'suspended', reason: aSecret(reasonOf(length)) });
        expect(moved.status).toBe(200);
        const { _id: loserId } = (await business.create(aWatchedCustomer({ phone: null }))).body;
        const headers = { 'idempotency-key': `merge ${id}` };
        expect((await business.merge(id, { loserId }, { headers })).status).toBe(200);
        expect(
          (await business.placeHold(id, aSecret(`hold ${reasonOf(length)}`.slice(0, length)))).status,
        ).toBe(200);
      }
      const { telling, sealed, lists, lengths } = await shapesAtRest(service);
      expect(telling).toEqual([]);
      const fields = ['customer.phone', 'customer.email', 'customer.note', 'customer_link.bodyDigest'];
      const ofHolds = ['customer_link.holdReason'];
      const others = ['customer_audit.reason', 'idempotency.answer', 'merge.given'];
      expect([...lengths.keys()].sort()).toEqual([...fields, ...ofHolds, ...others].sort());
      expect([...(lengths.get('customer.phone')?.keys() ?? [])]).toEqual([16]);
      expect(lists).toBeGreaterThan(CUSTOMERS);
      report(
        24,
        `${sealed} encrypted values have ${new Set([...lengths.values()].flatMap((each) => [...each.keys()])).size} lengths, ` +
          `${lists} lists of keyed hashes the order of their bytes: 0 exceptions`,
      );
    },
    PROOF_TIMEOUT_MS,
  );

  it('would show a value that is not padded, and tokens in the order of their letters', async () => {
    const links = service.database.collection('customer_link');
    const link: any = await links.findOne({ 'searchTokens.5': { $exists: true } });
    const customers = service.database.collection('customer');
    const customer: any = await customers.findOne({ email: { $type: 'binData' } });
    await links.updateOne({ _id: link._id }, { $set: { searchTokens: link.searchTokens.toReversed() } });
    const cut = Buffer.from(customer.email.buffer).subarray(0, -1);
    await customers.updateOne({ _id: customer._id }, { $set: { email: cut } });
    const { telling } = await shapesAtRest(service);
    expect(telling.toSorted()).toEqual([
      expect.stringMatching(/^customer\.email: \d+ bytes$/),
      'customer_link.searchTokens: order',
    ]);
    await customers.updateOne({ _id: customer._id }, { $set: { email: customer.email } });
    await links.updateOne({ _id: link._id }, { $set: { searchTokens: link.searchTokens } });
  });
});

describe('the search would find', () => {
  const text = 'canary-1@example.com';
  const values = new ValueIndex();
  values.add(text);
  const around = (padding: string, encoded: Buffer | string): Buffer =>
    Buffer.concat([
      Buffer.from([7, 0, 0xc3, 0xff]),
      Buffer.from(padding),
      Buffer.from(encoded),
      Buffer.of(0, 200),
    ]);

  it.each<[string, (padding: string) => Buffer | string]>([
    ['UTF-8', (padding) => padding + text],
    ['upper case', (padding) => padding + text.toUpperCase()],
    ['UTF-16LE', (padding) => Buffer.from(padding + text, 'utf16le')],
    ['hex', (padding) => Buffer.from(padding + text).toString('hex')],
    [
      'upper-case hex',
      (padding) =>
        Buffer.from(padding + text)
          .toString('hex')
          .toUpperCase(),
    ],
    ['base64', (padding) => Buffer.from(`${padding}${text}zz`).toString('base64')],
    ['base64url', (padding) => Buffer.from(`${padding}${text}ÿÿ`).toString('base64url')],
    ['JSON’s escapes', (padding) => `${padding}${text.replace('@', String.raw`\u0040`)}`],
    ['a URL’s escapes', (padding) => padding + encodeURIComponent(text)],
  ])('a value in %s, wherever it begins', (_what, encode) => {
    for (const padding of ['', 'a', 'ab', 'abc'])
      for (const before of ['', '-'])
        expect(disguiseIn(around(before, encode(padding)), values)).not.toBeNull();
  });

  it('a note in a collection that nobody looks after, and a name where none is listed', async () => {
    const { note, lastName } = aWatchedCustomer();
    const planted = { _id: 1 as any, note };
    await service.database.collection('outbox').insertOne(planted);
    await service.database.collection('migration').insertOne({ _id: 'planted' as any, appliedAt: lastName });
    const { found } = await searchAtRest(service, { secrets, all });
    expect(found.toSorted()).toEqual(['migration: plain', 'outbox: plain']);
    await service.database.createCollection('unheard_of');
    await expect(searchAtRest(service, { secrets, all })).rejects.toThrow('Nobody says what is personal');
  });
});
