import { beforeAll, describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import * as z from 'zod';
import { BusinessSettingsDto } from '#lib/contract/settings-dto.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { collections } from '#lib/store/collections/collections.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { arranged, handlerOf, routes } from '#test/support/routes.ts';
import { type Answer, call, type Call, useService } from '#test/support/service.ts';
import { documentsIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('row-21');

const DETAILS = ['firstName', 'lastName', 'phone', 'email', 'note', 'customerType', 'state', 'stateHistory'];
/** contract.md: the service's own fields and the panel's bookkeeping may be sent back and mean nothing. */
// prettier-ignore
const SENT_BACK = ['object', '_version', 'createdAt', 'updatedAt', 'syncedAt', 'syncErrors', 'active'];
/** What each write takes, and what it takes without meaning; whatever else is sent, it refuses. */
const TAKES: Readonly<Record<string, { written: readonly string[]; ignored: readonly string[] }>> = {
  'apply-operations': { written: ['operations', 'dryRun'], ignored: [] },
  'create-customer': { written: ['_id', ...DETAILS], ignored: SENT_BACK },
  'change-customer': { written: DETAILS, ignored: ['_id', ...SENT_BACK] },
  'patch-customer': { written: DETAILS, ignored: ['_id', ...SENT_BACK] },
  'set-customer-state': { written: ['state', 'reason'], ignored: [] },
  'merge-customer': { written: ['loserId', 'fields', 'reason', 'dryRun'], ignored: [] },
  'record-consents': { written: ['consents'], ignored: [] },
  'unmerge-customer': { written: ['loserId', 'dryRun'], ignored: [] },
  'erase-customer': { written: ['reason', 'ground', 'dryRun'], ignored: [] },
  'find-attendees': { written: ['attendees', 'at', 'exceptOrder'], ignored: [] },
  'get-snapshots': { written: ['customerIds', 'as', 'at', 'exceptOrder'], ignored: [] },
  'place-legal-hold': { written: ['reason'], ignored: [] },
  'set-preferences': {
    written: ['channel', 'language', 'services', 'specialists', 'invoicing'],
    ignored: [],
  },
  'create-segment': { written: ['name', 'definition'], ignored: [] },
  'change-segment': { written: ['name', 'definition'], ignored: [] },
  'find-recipients': {
    written: [
      ...['channel', 'purpose', 'customerIds', 'segmentId', 'segment'],
      ...['pageSize', 'cursor', 'countOnly'],
    ],
    ignored: [],
  },
  'change-settings': {
    written: [
      'regularRequires',
      'uniqueEmail',
      'uniquePhone',
      'defaultCountry',
      'retentionDays',
      'archiveAfterDays',
    ],
    ignored: [],
  },
};
const writes = routes.filter(({ method }) => method !== 'GET');
const withBody = writes.filter(({ body }) => body !== undefined).map(({ name }) => name);
const withoutBody = writes.filter(({ body }) => body === undefined).map(({ name }) => name);

/** Every path of every schema of the store. */
const storedPaths = (): string[] => {
  const schemas = Object.values(collections).map(({ schema }) => schema());
  expect(schemas.length).toBeGreaterThanOrEqual(11);
  return schemas.flatMap(({ paths }) => Object.keys(paths));
};
// prettier-ignore
const TRICKS = [
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '$set', '$unset', '$where', 'note.$set',
  'stateHistory.0.state', 'customer_link.legalHold', 'id', 'tenantId', 'businesses', 'permissions', 'scope', 'isAdmin',
  '_bsontype', '__t', 'isNew', '_doc', '$__', '$isNew', 'errors', 'collection', 'schema', 'versionKey', 'Note', 'NOTE', ' note',
];
let names: string[];
beforeAll(() => {
  const shown = [...Object.keys(CustomerDto.shape), ...Object.keys(BusinessSettingsDto.shape)];
  names = [...new Set([...storedPaths(), ...shown, ...DETAILS, ...SENT_BACK, ...TRICKS])];
});

const LONG_AGO = '2001-02-03T04:05:06.000Z';
// prettier-ignore
const VALUES: readonly unknown[] = [
  424_242, 'mass-assigned', true, false, null, LONG_AGO, { state: 'mass-assigned' }, ['mass-assigned'],
];

/** How many of them each field is tried with; other ones for the next field. */
const VALUES_A_FIELD = sized({ short: 2, full: VALUES.length });
const valuesFor = (place: number): readonly unknown[] =>
  Array.from({ length: VALUES_A_FIELD }, (_, index) => VALUES[(place + index) % VALUES.length]);

let sent = 0;
const ask = async (name: string, business: Business, request: Call): Promise<Answer> => {
  sent += 1;
  return await call(await handlerOf(name), { businessId: business.businessId, ...request });
};

/** A customer with nothing in it that differs from one time to the next but ids, times and what is sealed. */
const alike = (more: object = {}) =>
  aCustomer({ lastName: 'Canary', email: 'canary-alike@example.com', phone: '49262700000001', ...more });

/** A business with the customer that a write is about, and that write with nothing wrong with it. */
const ready = async (name: string) => {
  const business = aBusiness();
  const state = name === 'restore-customer' ? 'deleted' : 'active';
  const { _id } = name === 'create-customer' ? { _id: '' } : await added(business, alike({ state }));
  const other = { lastName: 'Canary', email: 'canary-other@example.com', phone: '49262700000002' };
  const good = await arranged(name, business, _id, { ...other, note: 'canary other' });
  return { business, request: name === 'create-customer' ? { ...good, body: alike() } : good };
};

/** What is stored, as far as it is the same whenever it is written. */
const outlineOf = (value: unknown): unknown => {
  if (value instanceof Date) return value.getFullYear() < 2020 ? value.toISOString() : '<time>';
  if (value instanceof mongo.Binary) return '<bytes>';
  if (value instanceof mongo.ObjectId) return '<id>';
  if (Array.isArray(value)) return [...new Set(value.map(outlineOf))];
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, outlineOf(one)]));
  if (typeof value !== 'string') return value;
  return (
    value
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '<request>')
      // As the gateway makes them.
      .replace(/^[\w-]{15}=$/, '<request>')
      .replace(/^\d{13}/, '<time>')
      .replace(/[0-9a-f]{24}/, '<id>')
  );
};

/** Every document of a business, in outline. */
const outlineOfBusiness = async ({ businessId }: Business): Promise<unknown> => {
  const owned = [
    'customer_link',
    'customer_audit',
    'outbox',
    'idempotency',
    'tombstone',
    'erasure',
    'merge',
    'segment',
  ];
  const documents = await Promise.all(owned.map((name) => documentsIn(service, name, { businessId })));
  const ids = (documents[0] ?? []).map(({ customerId }) => customerId);
  return outlineOf([
    documents,
    await documentsIn(service, 'customer', { _id: { $in: ids } }),
    await documentsIn(service, 'business_settings', { _id: businessId }),
  ]);
};

/** A write that is served, and what it left behind. */
const leftBy = async (name: string, more: Call, body?: object): Promise<unknown> => {
  const { business, request } = await ready(name);
  const asked = {
    ...request,
    ...more,
    ...(body !== undefined && { body: { ...(request.body ?? {}), ...body } }),
  };
  const answer = await ask(name, business, asked);
  expect([200, 201]).toContain(answer.status);
  return outlineOfBusiness(business);
};
const all = (fields: readonly string[], value: unknown) =>
  Object.fromEntries(fields.map((field) => [field, value]));

describe.each(withBody)('%s', (name) => {
  const { written, ignored } = TAKES[name] ?? { written: [], ignored: [] };
  const taken = [...written, ...ignored];

  it('takes what is decided here, and no more', () => {
    const schema = routes.find((route) => route.name === name)?.body;
    expect(schema instanceof z.ZodObject ? Object.keys(schema.shape).sort() : []).toEqual(taken.sort());
  });

  it('refuses every other field, whatever it holds, and writes nothing', async () => {
    const { business, request } = await ready(name);
    await expectNothingWritten(service, async () => {
      for (const [place, field] of names.filter((each) => !taken.includes(each)).entries())
        for (const value of valuesFor(place)) {
          const body = { ...(request.body as object), [field]: value };
          expectProblem(await ask(name, business, { ...request, body }), 400, 'unknown-field');
        }
    });
  });
});

describe.each(withBody.filter((name) => TAKES[name]?.ignored.length !== 0))('%s', (name) => {
  const ignored = TAKES[name]?.ignored ?? [];

  it('leaves the same behind, whatever the fields hold that only come back', async () => {
    const plain = await leftBy(name, {});
    for (const value of VALUES) expect(await leftBy(name, {}, all(ignored, value))).toEqual(plain);
    for (const field of ignored) expect(await leftBy(name, {}, { [field]: LONG_AGO })).toEqual(plain);
  });
});

describe.each(withoutBody)('%s', (name) => {
  it('leaves the same behind, whatever body comes with it', async () => {
    const plain = await leftBy(name, {});
    for (const value of VALUES) expect(await leftBy(name, {}, all(names, value))).toEqual(plain);
  });
});

/** What the panel's query builder may add to any request. It is ignored. */
const OF_THE_PANEL = ['services'];

describe('every write', () => {
  it.each(writes.map((route) => route.name))('%s: takes no field from its query', async (name) => {
    const { business, request } = await ready(name);
    await expectNothingWritten(service, async () => {
      for (const field of names.filter((one) => !OF_THE_PANEL.includes(one)))
        expectProblem(
          await ask(name, business, { ...request, query: { [field]: 'mass-assigned' } }),
          400,
          'unknown-parameter',
        );
    });
  });

  it('refuses what is no field of an entry of the history', async () => {
    const { business, request } = await ready('change-customer');
    await expectNothingWritten(service, async () => {
      for (const field of names.filter((each) => !['state', 'setAt'].includes(each))) {
        const stateHistory = [{ state: 'active', setAt: LONG_AGO, [field]: 'mass-assigned' }];
        const answer = await ask('change-customer', business, { ...request, body: { stateHistory } });
        expectProblem(answer, 400, 'unknown-field');
      }
    });
  });

  it('refuses what only the service says of a setting', async () => {
    const business = aBusiness();
    await expectNothingWritten(service, async () => {
      for (const field of ['uniqueEmail', 'uniquePhone'])
        expectProblem(await business.chooseSettings({ [field]: 'pending' }), 400, 'invalid-request');
    });
  });
});

describe('what is compared', () => {
  it(
    'would show a field that was taken over',
    async () => {
      const { business, request } = await ready('change-customer');
      await ask('change-customer', business, request);
      const before = await outlineOfBusiness(business);
      for (const [name, value] of Object.entries({
        legalHold: true,
        version: 424_242,
        createdAt: new Date(LONG_AGO),
      })) {
        const filter = (await documentsIn(service, 'customer_link', { businessId: business.businessId }))[0];
        await service.database
          .collection('customer_link')
          .updateOne({ _id: filter._id }, { $set: { [name]: value } });
        expect(await outlineOfBusiness(business)).not.toEqual(before);
        await service.database.collection('customer_link').replaceOne({ _id: filter._id }, filter);
      }
      report(
        21,
        `${String(names.length)} field names on ${String(writes.length)} writes, ${String(sent)} requests: ` +
          'refused or ignored as the contract says, 0 stored',
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
