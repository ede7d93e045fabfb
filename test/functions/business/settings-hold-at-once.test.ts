import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Types } from 'mongoose';
import { importRows } from '#infra/ops/import/import-rows.ts';
import { rowsOf } from '#infra/ops/import/import-file.ts';
import { survey } from '#infra/ops/import/survey.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { aScope } from '#test/support/a-scope.ts';
import { learnPersonal } from '#test/support/leak-watch.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { chooseElsewhere } from '#test/support/rules-elsewhere.ts';
import { type Answer, useService } from '#test/support/service.ts';
import { documentIn, expectNothingWritten } from '#test/support/stored.ts';
import { commandsOf } from '#test/support/wire/probe.ts';
import { touchesOf } from '#test/support/wire/touches.ts';

const service = useService('settings-hold-at-once');

afterEach(() => {
  jest.restoreAllMocks();
});

/** A way to ask for something that the usual rules refuse. */
type Way = (business: Business) => Promise<() => Promise<Answer>>;

/** The ways to write these fields, which are refused on their own. */
const waysToWrite = (fields: (business: Business) => Promise<object>): Readonly<Record<string, Way>> => {
  const made = async (business: Business) => {
    const sent = await fields(business);
    return { sent, whole: aCustomer({ ...sent }), _id: (await added(business))._id };
  };
  /** A bulk of one operation, answered as that operation. */
  const alone = async (answer: Promise<Answer>): Promise<Answer> => {
    const { body } = await answer;
    const [{ status, customer, error }] = body.results;
    return { status, headers: {}, body: customer ?? error, text: '' };
  };
  const dryRun = (operation: object) => ({ body: { operations: [operation], dryRun: true } });
  return {
    create: async (business) => {
      const { whole } = await made(business);
      return () => business.create(whole);
    },
    PUT: async (business) => {
      const { _id, sent } = await made(business);
      return () => business.change(_id, sent);
    },
    PATCH: async (business) => {
      const { _id, sent } = await made(business);
      return () => business.patch(_id, sent);
    },
    'a bulk that creates': async (business) => {
      const { whole } = await made(business);
      return () => alone(business.bulk([{ create: whole }]));
    },
    'a bulk that changes': async (business) => {
      const { _id, sent } = await made(business);
      return () => alone(business.bulk([{ change: { _id, ...sent } }]));
    },
    'the dry run of a bulk': async (business) => {
      const { whole } = await made(business);
      return () => alone(business.bulk([], dryRun({ create: whole })));
    },
  };
};

/** Merges as earlier versions did, when the survivor did not take over the loser's values, and another customer got one. */
const mergeAndAddAnother = async (
  business: Business,
  { survivor, loser, field }: { survivor: any; loser: any; field: 'email' | 'phone' },
): Promise<void> => {
  const { emailKeys, phoneKeys } = await documentIn(service, 'customer_link', { customerId: survivor._id });
  await business.merge(survivor._id, { loserId: loser._id });
  await service.database
    .collection('customer_link')
    .updateOne(
      { customerId: new Types.ObjectId(String(survivor._id)) },
      { $set: { emailKeys, phoneKeys }, $unset: { absorbed: '' } },
    );
  await added(business, { [field]: loser[field] });
};

/** The ways back to life of a customer whose email or phone another one has taken meanwhile. */
const waysBack = (field: 'email' | 'phone'): Readonly<Record<string, Way>> => {
  const gone = async (business: Business): Promise<string> => {
    const { _id, [field]: value } = await added(business);
    await business.delete(_id);
    await added(business, { [field]: value });
    return _id;
  };
  return {
    restore: async (business) => {
      const _id = await gone(business);
      return () => business.restore(_id);
    },
    'a change of state': async (business) => {
      const _id = await gone(business);
      return () => business.setState(_id, { state: 'active' });
    },
    unmerge: async (business) => {
      const [survivor, loser] = [await added(business), await added(business)];
      await mergeAndAddAnother(business, { survivor, loser, field });
      return () => business.unmerge(survivor._id, { loserId: loser._id });
    },
    'the dry run of an unmerge': async (business) => {
      const [survivor, loser] = [await added(business), await added(business)];
      await mergeAndAddAnother(business, { survivor, loser, field });
      return () => business.unmerge(survivor._id, { loserId: loser._id, dryRun: true });
    },
  };
};

const merging: Way = async (business) => {
  const survivor = await added(business, { customerType: 'new', phone: null });
  const loser = await added(business);
  const fields = { phone: 'survivor', customerType: 'loser' };
  return () => business.merge(survivor._id, { loserId: loser._id, fields });
};

const held = (field: 'email' | 'phone') => async (business: Business) => ({
  [field]: (await added(business))[field],
});

type Setting = Readonly<{
  loosened: Partial<BusinessSettings>;
  refusal: string;
  ways: Readonly<Record<string, Way>>;
}>;
const SETTINGS: readonly Setting[] = [
  {
    loosened: { regularRequires: 'email-or-phone' },
    refusal: 'invalid-request',
    ways: { ...waysToWrite(() => Promise.resolve({ phone: null })), merge: merging },
  },
  {
    loosened: { uniqueEmail: false },
    refusal: 'duplicate-email',
    ways: { ...waysToWrite(held('email')), ...waysBack('email') },
  },
  {
    loosened: { uniquePhone: false },
    refusal: 'duplicate-phone',
    ways: { ...waysToWrite(held('phone')), ...waysBack('phone') },
  },
  {
    loosened: { defaultCountry: 'DE' },
    refusal: 'invalid-request',
    ways: waysToWrite(() => Promise.resolve({ phone: '030 901820' })),
  },
];

describe.each(SETTINGS)('after another environment has saved $loosened', ({ loosened, refusal, ways }) => {
  it.each(Object.entries(ways))('%s is no longer refused by the cached rule', async (_name, way) => {
    const business = aBusiness();
    const ask = await way(business);
    expect((await expectNothingWritten(service, ask)).body.code).toBe(refusal);
    await chooseElsewhere(service, business.businessId, loosened);
    const { status, body } = await ask();
    expect([status, body.code]).toEqual([status < 300 ? status : 200, undefined]);
  });
});

describe('a uniqueness that was pending', () => {
  it('refuses nothing after it was switched off elsewhere', async () => {
    const business = aBusiness();
    await business.chooseSettings({ uniqueEmail: false });
    const { email } = await added(business);
    await business.chooseSettings({ uniqueEmail: true });
    expectProblem(await business.create(aCustomer({ email })), 409, 'duplicate-email');
    await chooseElsewhere(service, business.businessId, { uniqueEmail: false });
    expect((await business.create(aCustomer({ email }))).status).toBe(201);
  });
});

describe('a refusal', () => {
  it('names the rule that holds now', async () => {
    const business = aBusiness();
    const nobody = aCustomer({ email: null, phone: null });
    const rulesOf = ({ body }: Answer) => body.errors.map(({ error }: any) => error);
    expect(rulesOf(await business.create(nobody))).toEqual([
      'regular-requires-email',
      'regular-requires-phone',
    ]);
    await chooseElsewhere(service, business.businessId, { regularRequires: 'email-or-phone' });
    expect(rulesOf(await business.create(nobody))).toEqual(['regular-requires-email-or-phone']);
  });

  it('of one operation does not stop the others of a bulk, which are judged by what holds now too', async () => {
    const business = aBusiness();
    await added(business);
    await chooseElsewhere(service, business.businessId, { regularRequires: 'email-or-phone' });
    const operations = [{ phone: null }, { email: null, phone: null }, { email: null }].map((fields) => ({
      create: aCustomer(fields),
    }));
    const { body } = await business.bulk(operations);
    expect(body.results.map(({ status }: any) => status)).toEqual([201, 400, 201]);
  });
});

describe('a rule that became stricter elsewhere', () => {
  it('holds after 30 seconds at the latest', async () => {
    const business = aBusiness();
    await business.chooseSettings({ regularRequires: 'email-or-phone' });
    await added(business, { phone: null });
    await chooseElsewhere(service, business.businessId, { regularRequires: 'email-and-phone' });
    expect((await business.create(aCustomer({ phone: null }))).status).toBe(201);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 30_001);
    expectProblem(await business.create(aCustomer({ phone: null })), 400, 'invalid-request');
  });

  it('decides when a deletion is purged after 30 seconds at the latest', async () => {
    const business = aBusiness();
    await chooseElsewhere(service, business.businessId, { retentionDays: 10 });
    const [one, other] = [await added(business), await added(business)];
    await chooseElsewhere(service, business.businessId, { retentionDays: null });
    await business.delete(one._id);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 30_001);
    await business.delete(other._id);
    const purgeAfter = async (customerId: string) =>
      (await documentIn(service, 'customer_link', { customerId })).purgeAfter;
    expect([await purgeAfter(one._id), await purgeAfter(other._id)]).toEqual([expect.any(Date), undefined]);
  });
});

describe('what it costs', () => {
  const settingsRead = async (steps: () => Promise<Answer>) => {
    let status = 0;
    const commands = await commandsOf(async () => {
      ({ status } = await steps());
    });
    const touched = commands.flatMap((command) => touchesOf(command) ?? []);
    return {
      status,
      reads: touched.filter(({ collection }) => collection === 'business_settings').length,
      commands: commands.length,
    };
  };

  it('nothing for a request that is accepted, and one read for one that is refused', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    expect(await settingsRead(() => business.create(aCustomer()))).toEqual({
      status: 201,
      reads: 0,
      commands: 1,
    });
    expect(await settingsRead(() => business.change(_id, { note: 'another canary' }))).toEqual({
      status: 200,
      reads: 0,
      commands: 2,
    });
    expect(await settingsRead(() => business.create(aCustomer({ phone: null })))).toEqual({
      status: 400,
      reads: 1,
      commands: 1,
    });
    expect((await settingsRead(() => business.create(aCustomer({ email })))).reads).toBe(1);
    expect(await settingsRead(() => business.get('0'.repeat(24)))).toMatchObject({ status: 404, reads: 0 });
  });

  it('no second read for a refusal by settings that the request itself has read', async () => {
    const business = aBusiness();
    expect(await settingsRead(() => business.create(aCustomer({ phone: null })))).toMatchObject({ reads: 1 });
  });
});

describe('an import', () => {
  it.each([true, false])('is judged by the rules that hold now (dry run: %s)', async (isDryRun) => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    try {
      const business = aBusiness();
      const { email } = await added(business);
      await chooseElsewhere(service, business.businessId, {
        regularRequires: 'email-or-phone',
        uniqueEmail: false,
        defaultCountry: 'DE',
      });
      const file = join(folder, 'people.csv');
      const lines = [`Anna,${email},`, `Ola,${email},030 901820`];
      for (const firstName of ['Anna', 'Ola']) learnPersonal({ firstName });
      writeFileSync(file, ['firstName,email,phone', ...lines].join('\n'));
      const rows = rowsOf((await survey({ file, format: 'csv', mapping: [] })).found);
      const scope = aScope(business.businessId);
      const batches = importRows(rows, {
        digest: 'x',
        type: undefined,
        isDryRun,
        scope,
        record: () => Promise.resolve(),
      });
      expect((await batches.next()).value).toEqual({ imported: 2, skipped: 0, refused: [] });
      expect((await batches.next()).done).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
