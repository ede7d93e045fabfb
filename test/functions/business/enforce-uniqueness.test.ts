import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as enforceUniqueness } from '#functions/business/enforce-uniqueness/handler.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentIn, expectNothingWritten } from '#test/support/stored.ts';

const service = useService('enforce-uniqueness');
const enforcing = async (input: object = { settleMs: 0 }, remainingMs?: number) =>
  (await run(enforceUniqueness, input, remainingMs)).findings;

/** Switches a uniqueness off, lets customers come in, and switches it on again. */
const pendingAfter = async (
  business: Business,
  setting: 'uniqueEmail' | 'uniquePhone',
  comeIn: () => Promise<unknown>,
): Promise<void> => {
  await business.chooseSettings({ [setting]: false });
  await comeIn();
  await business.chooseSettings({ [setting]: true });
};

beforeEach(async () => {
  await service.database.collection('business_settings').deleteMany({});
});

describe('the uniqueness job', () => {
  it('does nothing where nobody waits for it', async () => {
    await added(aBusiness());
    expect(await expectNothingWritten(service, () => enforcing())).toEqual([]);
  });

  it.each([
    ['email', 'uniqueEmail', 'duplicate-email'],
    ['phone', 'uniquePhone', 'duplicate-phone'],
  ] as const)('holds every %s and ends pending, where no two are the same', async (field, setting, code) => {
    const business = aBusiness();
    let customer: any;
    await pendingAfter(business, setting, async () => {
      customer = await added(business);
    });
    expect(await enforcing()).toEqual([
      { businessId: business.businessId, field, outcome: 'enforced', conflicts: [] },
    ]);
    expect((await business.settings()).body[setting]).toBe(true);
    const twin = aCustomer({ [field]: customer[field] });
    await expectRefused(service, () => business.create(twin), [409, code]);
  });

  it('lists conflicts by id, never by value, and leaves it pending until they are solved', async () => {
    const business = aBusiness();
    const email = 'same@b.example';
    const ids: string[] = [];
    await pendingAfter(business, 'uniqueEmail', async () => {
      for (const spelt of [email, 'SAME@b.example']) ids.push((await added(business, { email: spelt }))._id);
      await added(business, { email, state: 'deleted' });
    });
    const [finding] = await expectNothingWritten(service, () => enforcing());
    expect(finding).toMatchObject({ outcome: 'conflicts', field: 'email' });
    expect(finding.conflicts.map((group: string[]) => group.toSorted())).toEqual([ids.toSorted()]);
    expect((await business.settings()).body.uniqueEmail).toBe('pending');
    await business.change(ids[1] ?? '', { email: 'other@b.example' });
    expect(await enforcing()).toMatchObject([{ outcome: 'enforced' }]);
  });

  it('does not stand in the way of other changes while conflicts wait to be solved', async () => {
    const business = aBusiness();
    const email = 'same@b.example';
    const twins: string[] = [];
    await pendingAfter(business, 'uniqueEmail', async () => {
      for (let twin = 0; twin < 2; twin += 1) twins.push((await added(business, { email }))._id);
    });
    for (const _id of twins) {
      expect((await business.change(_id, { note: 'still possible' })).status).toBe(200);
      expect((await business.change(_id, { state: 'archived' })).status).toBe(200);
    }
    expect(await enforcing()).toMatchObject([{ outcome: 'conflicts' }]);
    await business.delete(twins[0] ?? '');
    expect(await enforcing()).toMatchObject([{ outcome: 'enforced' }]);
  });

  it('gives every environment time to forget the old setting first', async () => {
    const business = aBusiness();
    await pendingAfter(business, 'uniqueEmail', () => added(business));
    expect(await enforcing({})).toMatchObject([{ outcome: 'too-early' }]);
    expect((await business.settings()).body.uniqueEmail).toBe('pending');
  });

  it('is held by new customers while it is pending', async () => {
    const business = aBusiness();
    await pendingAfter(business, 'uniqueEmail', () => Promise.resolve());
    const { email } = await added(business);
    await expectRefused(service, () => business.create(aCustomer({ email })), [409, 'duplicate-email']);
  });

  describe.each([
    ['email', 'uniqueEmail', 'duplicate-email'],
    ['phone', 'uniquePhone', 'duplicate-phone'],
  ] as const)('while it is pending, a new double %s', (field, setting, code) => {
    /** Whose value is held by nobody yet. */
    const withOneFromBefore = async (business: Business): Promise<any> => {
      let before: any;
      await pendingAfter(business, setting, async () => {
        before = await added(business);
      });
      return before;
    };
    const expectNamed = async (before: any, request: () => Promise<any>): Promise<void> => {
      const { body } = await expectRefused(service, request, [409, code]);
      expect(body.existing).toEqual({ _id: before._id, state: 'active' });
    };

    it('is refused to creates, changes and restores, naming who has it from before', async () => {
      const business = aBusiness();
      const before = await withOneFromBefore(business);
      const twin = { [field]: before[field] };
      await expectNamed(before, () => business.create(aCustomer(twin)));
      const { _id } = await added(business);
      await expectNamed(before, () => business.change(_id, twin));
      await expectNamed(before, () => business.patch(_id, twin));
      const { _id: deleted } = await added(business, { ...twin, state: 'deleted' });
      await expectNamed(before, () => business.restore(deleted));
      expect(await enforcing()).toMatchObject([{ outcome: 'enforced' }]);
    });

    it('is accepted as soon as who had it from before has given it up', async () => {
      const business = aBusiness();
      const before = await withOneFromBefore(business);
      await business.delete(before._id);
      expect((await business.create(aCustomer({ [field]: before[field] }))).status).toBe(201);
      expect(await enforcing()).toMatchObject([{ outcome: 'enforced' }]);
    });

    it('of many at once is let through to none, and one alone gets a new value', async () => {
      const business = aBusiness();
      const before = await withOneFromBefore(business);
      const others = await Promise.all(Array.from({ length: 4 }, () => added(business)));
      const { [field]: free } = aCustomer();
      const taking = async (value: unknown): Promise<number[]> => {
        const answers = await Promise.all([
          ...others.map(({ _id }) => business.change(_id, { [field]: value })),
          ...others.map(() => business.create(aCustomer({ [field]: value }))),
        ]);
        return answers.map(({ status }) => status).filter((status) => status !== 409);
      };
      expect(await taking(before[field])).toEqual([]);
      expect(await taking(free)).toHaveLength(1);
      expect(await enforcing()).toMatchObject([{ outcome: 'enforced' }]);
    });
  });

  it('lets twins from before be spelled in another way until they are told apart', async () => {
    const business = aBusiness();
    const twins: string[] = [];
    await pendingAfter(business, 'uniqueEmail', async () => {
      for (let twin = 0; twin < 2; twin += 1)
        twins.push((await added(business, { email: 'same@b.example' }))._id);
    });
    expect((await business.change(twins[1] ?? '', { email: 'Same@B.example' })).status).toBe(200);
    expect(await enforcing()).toMatchObject([{ outcome: 'conflicts' }]);
  });

  it('is resumable: what a run held stays held, and the next one goes on', async () => {
    const business = aBusiness();
    await pendingAfter(business, 'uniqueEmail', () => Promise.resolve());
    const { _id: customerId } = await added(business);
    const { phoneKeys: _, ...link } = await documentIn(service, 'customer_link', { customerId });
    const links = service.database.collection('customer_link');
    await links.deleteMany({});
    await links.insertMany(
      Array.from({ length: 2_100 }, () => ({
        ...link,
        _id: new Types.ObjectId(),
        customerId: new Types.ObjectId(),
        emailKeys: [randomBytes(32)],
        holdsEmail: false,
      })),
    );
    expect(await enforcing({ settleMs: 0 }, 20_001)).toMatchObject([{ outcome: 'out-of-time' }]);
    expect((await business.settings()).body.uniqueEmail).toBe('pending');
    expect(await countIn(service, 'customer_link', { holdsEmail: true })).toBe(2_000);
    expect(await enforcing()).toMatchObject([{ outcome: 'enforced' }]);
    expect(await countIn(service, 'customer_link', { holdsEmail: true })).toBe(2_100);
  });

  it('leaves alone what the business switched off again meanwhile', async () => {
    const business = aBusiness();
    await pendingAfter(business, 'uniqueEmail', () => added(business));
    await business.chooseSettings({ uniqueEmail: false });
    expect(await enforcing()).toEqual([]);
    expect((await business.settings()).body.uniqueEmail).toBe(false);
  });

  it('finishes both, and each business for itself', async () => {
    const [one, other] = [aBusiness(), aBusiness()];
    await one.chooseSettings({ uniqueEmail: false, uniquePhone: false });
    const email = 'same@b.example';
    for (let twin = 0; twin < 2; twin += 1) await added(one, { email });
    await one.chooseSettings({ uniqueEmail: true, uniquePhone: true });
    await pendingAfter(other, 'uniqueEmail', () => added(other, { email }));
    const outcomes = (await enforcing()).map((finding: Record<string, string>) => [
      finding['businessId'] === one.businessId ? 'one' : 'other',
      finding['field'],
      finding['outcome'],
    ]);
    expect(outcomes.toSorted()).toEqual([
      ['one', 'email', 'conflicts'],
      ['one', 'phone', 'enforced'],
      ['other', 'email', 'enforced'],
    ]);
  });
});
