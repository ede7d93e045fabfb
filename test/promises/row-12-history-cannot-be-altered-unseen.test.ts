import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { useService } from '#test/support/service.ts';
import { documentsIn } from '#test/support/stored.ts';

const service = useService('row-12');
const ATTACKS = sized({ short: 80, full: 1_000 });
const HONEST = sized({ short: 30, full: 10_000 });
const ENTRIES = 7;

/** A customer whose history has seven entries. */
const aHistory = async (business: Business): Promise<string> => {
  const { _id } = await added(business);
  await business.change(_id, { note: 'a', firstName: 'B' });
  await business.setState(_id, { state: 'suspended', reason: 'r' });
  await business.setState(_id, { state: 'active' });
  await business.delete(_id);
  await business.restore(_id);
  await business.as({ actor: 'user-2' }).change(_id, { note: 'b' });
  return _id;
};
const isVerified = async (business: Business, id: string): Promise<boolean> =>
  (await business.history(id)).body.verified;

type Entry = Record<string, any>;
const position = fc.nat({ max: ENTRIES - 1 });
const forged = (name: string, value: unknown) => (entry: Entry) => ({ ...entry, [name]: value });
const anEdit = fc.constantFrom<(entry: Entry) => Entry>(
  (entry) => ({ ...entry, at: new Date(entry['at'].getTime() + 1) }),
  forged('actor', 'somebody-else'),
  forged('action', 'erase-customer'),
  forged('fields', ['email']),
  forged('from', 'archived'),
  forged('to', 'archived'),
  forged('keyId', 'k2'),
  (entry) => ({ ...entry, hash: randomBytes(32) }),
  (entry) => ({ ...entry, hash: Buffer.alloc(0) }),
);
/** What somebody with the database in their hands may do to a chain, oldest entry first. */
const anAttack = fc.oneof(
  fc.record({ at: position, edit: anEdit }).map(({ at, edit }) => ({
    what: 'edit',
    on: (chain: Entry[]) => chain.map((entry, index) => (index === at ? edit(entry) : entry)),
  })),
  position.map((at) => ({ what: 'drop', on: (chain: Entry[]) => chain.filter((_, index) => index !== at) })),
  position.map((at) => ({
    what: 'drop and close the gap',
    on: (chain: Entry[]) =>
      chain.filter((_, index) => index !== at).map((entry, index) => ({ ...entry, seq: index + 1 })),
  })),
  fc
    .tuple(position, position)
    .filter(([one, other]) => one !== other)
    .map(([one, other]) => ({
      what: 'swap',
      on: (chain: Entry[]) =>
        chain.map((entry, index) => ({
          ...((index === one ? chain[other] : index === other ? chain[one] : entry) ?? entry),
          seq: entry['seq'],
        })),
    })),
  fc
    .integer({ min: 0, max: ENTRIES - 1 })
    .map((left) => ({ what: 'truncate', on: (chain: Entry[]) => chain.slice(0, left) })),
  fc.constant({
    what: 'put in front of another’s',
    on: (chain: Entry[]) => chain.map((entry) => ({ ...entry, hash: chain[0]?.['hash'] })),
  }),
);

/** Replaces a customer's entries in the raw collection. */
const replaceChain = async (customerId: string, chain: readonly Entry[]): Promise<void> => {
  const entries = service.database.collection('customer_audit');
  await entries.deleteMany({ customerId: new Types.ObjectId(customerId) });
  if (chain.length > 0) await entries.insertMany(chain.map((entry) => ({ ...entry })));
};

describe('history cannot be altered unseen', () => {
  it(
    'every random edit, drop, swap and truncation is found',
    async () => {
      const business = aBusiness();
      const id = await aHistory(business);
      const chain = await documentsIn(service, 'customer_audit', { customerId: id });
      chain.sort((one, other) => one.seq - other.seq);
      expect([chain.length, await isVerified(business, id)]).toEqual([ENTRIES, true]);
      const found = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(anAttack, async ({ what, on }) => {
          await replaceChain(id, on(chain));
          expect(await isVerified(business, id)).toBe(false);
          found.set(what, (found.get(what) ?? 0) + 1);
        }),
        { numRuns: ATTACKS },
      );
      await replaceChain(id, chain);
      expect(await isVerified(business, id)).toBe(true);
      const kinds = [...found].map(([what, times]) => `${times} x ${what}`).join(', ');
      report(12, `${ATTACKS} random attacks (full: 1,000), all found: ${kinds}`);
    },
    PROOF_TIMEOUT_MS,
  );

  it.each([
    ['set back to an earlier entry', { auditSeq: 3 }],
    ['moved on', { auditSeq: ENTRIES + 1 }],
    ['replaced', { auditHead: randomBytes(32) }],
  ])('a head that was %s is found', async (_how, head) => {
    const business = aBusiness();
    const id = await aHistory(business);
    const links = service.database.collection('customer_link');
    await links.updateOne({ customerId: new Types.ObjectId(id) }, { $set: head });
    expect(await isVerified(business, id)).toBe(false);
  });

  it('the entries of one customer do not pass for another’s', async () => {
    const business = aBusiness();
    const [one, other] = [await aHistory(business), await aHistory(business)];
    const chain = await documentsIn(service, 'customer_audit', { customerId: one });
    await replaceChain(
      other,
      chain.map((entry) => ({ ...entry, _id: new Types.ObjectId(), customerId: new Types.ObjectId(other) })),
    );
    expect(await isVerified(business, other)).toBe(false);
  });

  it('a reason that was altered is found, and hides nothing else', async () => {
    const business = aBusiness();
    const id = await aHistory(business);
    const entries = service.database.collection('customer_audit');
    await entries.updateOne(
      { customerId: new Types.ObjectId(id), seq: 3 },
      { $set: { reason: randomBytes(60) } },
    );
    const { items, verified } = (await business.history(id)).body;
    expect([items.length, verified]).toEqual([ENTRIES, false]);
    expect(items[2]).not.toHaveProperty('reason');
  });

  it('blanking a reason leaves the chain whole', async () => {
    const business = aBusiness();
    const id = await aHistory(business);
    await service.database
      .collection('customer_audit')
      .updateMany({ customerId: new Types.ObjectId(id) }, { $unset: { reason: '' } });
    expect(await isVerified(business, id)).toBe(true);
  });

  it(
    'an honest history raises no alarm',
    async () => {
      const business = aBusiness();
      const alarms: string[] = [];
      for (let chain = 0; chain < HONEST; chain += 1) {
        const { _id } = await added(business);
        for (let entry = 0; entry < chain % 5; entry += 1) await business.change(_id, { note: `n${entry}` });
        if (!(await isVerified(business, _id))) alarms.push(_id);
      }
      report(12, `${HONEST} honest histories (full: 10,000): ${alarms.length} false alarms`);
      expect(alarms).toEqual([]);
    },
    PROOF_TIMEOUT_MS,
  );
});
