import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EJSON } from 'bson';
import { fc } from '#test/support/fast-check.ts';
import { Types } from 'mongoose';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { makeDue } from '#test/support/due.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn } from '#test/support/stored.ts';
import {
  aHistory,
  aPurgedHistory,
  flawsIn,
  isVerified,
  ownerOf,
  putWorld,
  type Raw,
  type World,
  worldOf,
} from '#test/support/stored-histories.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('row-12');
const ATTACKS = sized({ short: 80, full: 1_000 });
const HONEST = sized({ short: 30, full: 10_000 });
const BLANKED = sized({ short: 10, full: 1_000 });

/** What may be put into a field: something else of its kind, something of another kind, or nothing. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  _id: [new Types.ObjectId()],
  seq: [0, 3, 8, '3', undefined],
  at: [new Date(0), '2026-11-28', undefined],
  actor: ['somebody-else', 7, undefined],
  role: ['SUPPORT', 7, undefined],
  purpose: ['find-customer', undefined],
  requestId: ['another', undefined],
  action: ['erase-customer', undefined],
  fields: [['email'], [], 'email', undefined],
  from: ['archived', 7],
  to: ['archived', 'active', 7],
  reason: [Buffer.alloc(60, 7), 'a text', undefined],
  reasonCommitment: [Buffer.alloc(32, 7), 'a text', undefined],
  keyId: ['k2', '', undefined],
  form: [1, 3, undefined],
  hash: [Buffer.alloc(32, 7), Buffer.alloc(0), 'a text', undefined],
};
const HEAD_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  auditSeq: [0, 3, 8, '7', undefined],
  auditHead: [Buffer.alloc(32, 7), Buffer.alloc(0), 'a text', undefined],
  auditSeal: [Buffer.alloc(34, 7), Buffer.alloc(0), 'a text', undefined],
  version: [0, 99, '6', undefined],
};
const LINK_VALUES = { ...HEAD_VALUES, state: ['archived', 'suspended', 7, undefined] };

type Attack = Readonly<{ what: string; on: (world: World) => World }>;
const pick = fc.nat({ max: 9_999 });
const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
const without = (document: Raw, name: string, value: unknown): Raw => {
  const { [name]: _gone, ...rest } = document;
  return value === undefined ? rest : { ...rest, [name]: value };
};
const replacing = (list: readonly Raw[], by: ReadonlyMap<Raw, Raw>): readonly Raw[] =>
  list.map((one) => by.get(one) ?? one);

const edits = (what: string, collection: keyof World, values: Readonly<Record<string, readonly unknown[]>>) =>
  fc
    .record({ whom: pick, name: fc.constantFrom(...Object.keys(values)), value: pick })
    .map(({ whom, name, value }): Attack => ({
      what: `${what}: ${name}`,
      on: (world) => {
        const one = at(world[collection], whom);
        const edited = without(one, name, at(values[name] ?? [], value));
        return { ...world, [collection]: replacing(world[collection], new Map([[one, edited]])) };
      },
    }));

/** Exchanges some fields of two documents, of one customer or of two. */
const exchanges = (what: string, collection: keyof World, names: readonly string[]) =>
  fc.tuple(pick, pick).map(([one, other]): Attack => ({
    what,
    on: (world) => {
      const [first, second] = [at(world[collection], one), at(world[collection], other)];
      const taken = (from: Raw, to: Raw): Raw =>
        names.reduce((document, name) => without(document, name, from[name]), to);
      const both = new Map([
        [first, taken(second, first)],
        [second, taken(first, second)],
      ]);
      return { ...world, [collection]: replacing(world[collection], both) };
    },
  }));

const ENTRY_FIELDS = Object.keys(VALUES).filter((name) => name !== 'seq');
const HEAD_FIELDS = Object.keys(HEAD_VALUES);

/** Removes entries of a customer, and does something to its head. */
const cuts = (
  what: string,
  keeps: (seq: number, chosen: number) => boolean,
  headAfter: (head: Raw, left: readonly Raw[]) => Raw = (head) => head,
) =>
  fc.tuple(pick, fc.integer({ min: 1, max: 6 })).map(([whom, chosen]): Attack => ({
    what,
    on: (world) => {
      const owner = ownerOf(at([...world.customer_link, ...world.erasure], whom));
      const isLeft = (entry: Raw) => ownerOf(entry) !== owner || keeps(entry['seq'], chosen);
      const left = world.customer_audit.filter(isLeft);
      const own = left.filter((entry) => ownerOf(entry) === owner);
      const setBack = (head: Raw) => (ownerOf(head) === owner ? headAfter(head, own) : head);
      return {
        customer_audit: left,
        customer_link: world.customer_link.map(setBack),
        erasure: world.erasure.map(setBack),
      };
    },
  }));

/** The head as it was after the last entry that is left, but for the seal. */
const setBack = (head: Raw, left: readonly Raw[]): Raw => ({
  ...head,
  auditSeq: left.length,
  auditHead: left.at(-1)?.['hash'] ?? Buffer.alloc(0),
  version: left.length - 1,
  ...('state' in head && { state: left.findLast(({ to }) => to !== null)?.['to'] }),
});

/** What somebody who can write to the database may do there. */
const anAttack = fc.oneof(
  { weight: 4, arbitrary: edits('edit of an entry', 'customer_audit', VALUES) },
  { weight: 2, arbitrary: edits('edit of a link', 'customer_link', LINK_VALUES) },
  { weight: 2, arbitrary: edits('edit of an erasure record', 'erasure', HEAD_VALUES) },
  exchanges('swap of entries', 'customer_audit', ENTRY_FIELDS),
  exchanges('swap of places', 'customer_audit', ['seq', 'customerId']),
  exchanges('swap of hashes', 'customer_audit', ['hash']),
  exchanges('swap of reasons', 'customer_audit', ['reason']),
  exchanges('swap of reasons and commitments', 'customer_audit', ['reason', 'reasonCommitment']),
  exchanges('swap of reasons and ids', 'customer_audit', ['reason', '_id']),
  exchanges('swap of reasons, commitments and ids', 'customer_audit', ['reason', 'reasonCommitment', '_id']),
  exchanges('swap of heads', 'customer_link', HEAD_FIELDS),
  exchanges('swap of heads of the purged', 'erasure', HEAD_FIELDS),
  cuts('drop', (seq, chosen) => seq !== chosen),
  cuts('truncation', (seq, chosen) => seq <= chosen),
  cuts('truncation, head set back', (seq, chosen) => seq <= chosen, setBack),
  cuts(
    'truncation, head set back, seal removed',
    (seq, chosen) => seq <= chosen,
    (head, left) => without(setBack(head, left), 'auditSeal', undefined),
  ),
  cuts('all deleted, number 0', () => false, setBack),
  pick.map((whom): Attack => ({
    what: 'link or erasure record deleted',
    on: (world) => {
      const gone = at([...world.customer_link, ...world.erasure], whom);
      const others = (list: readonly Raw[]) => list.filter((one) => one !== gone);
      return { ...world, customer_link: others(world.customer_link), erasure: others(world.erasure) };
    },
  })),
);

/** The customers of whom the worlds differ. */
const changedIn = (before: World, after: World): ReadonlySet<string> => {
  const textOf = (one: Raw): string =>
    EJSON.stringify(Object.fromEntries(Object.entries(one).sort()), { relaxed: false });
  const stored = (world: World) =>
    new Map(
      Object.entries(world).flatMap(([name, list]) =>
        list.map((one) => [`${name} ${textOf(one)}`, ownerOf(one)] as const),
      ),
    );
  const [earlier, later] = [stored(before), stored(after)];
  const differs = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
    [...one].filter(([text]) => !other.has(text)).map(([, owner]) => owner);
  return new Set([...differs(earlier, later), ...differs(later, earlier)]);
};

/** Whether the database would refuse it, because of its unique indexes. */
const hasDuplicates = ({ customer_audit: entries }: World): boolean =>
  new Set(entries.map(({ _id }) => String(_id))).size < entries.length ||
  new Set(entries.map((one) => `${ownerOf(one)} ${String(one['seq'])}`)).size < entries.length;

describe('history cannot be altered unseen', () => {
  it(
    'every random edit, drop, swap and truncation is found, of the live and of the purged',
    async () => {
      const business = aBusiness();
      const purged = [await aPurgedHistory(service, business), await aPurgedHistory(service, business)];
      const live = [await aHistory(business), await aHistory(business)];
      const world = await worldOf(service, business);
      expect(await flawsIn(business)).toEqual([]);
      const found = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(anAttack, async ({ what, on }) => {
          const attacked = on(world);
          const changed = changedIn(world, attacked);
          fc.pre(changed.size > 0 && !hasDuplicates(attacked));
          await putWorld(service, business, attacked);
          const flawed = (await flawsIn(business)).map((flaw) => flaw.slice(0, 24));
          for (const id of changed) expect(flawed).toContain(id);
          for (const id of live.filter((one) => changed.has(one)))
            expect((await business.history(id)).body.verified).not.toBe(true);
          const kind = what.replace(/:.*/, '');
          found.set(kind, (found.get(kind) ?? 0) + 1);
        }),
        { numRuns: ATTACKS, seed: SEED },
      );
      await putWorld(service, business, world);
      expect(await flawsIn(business)).toEqual([]);
      expect(purged).toHaveLength(2);
      const kinds = [...found].map(([what, times]) => `${times} x ${what}`).join(', ');
      report(12, `${ATTACKS} random attacks (full: 1,000; seed ${SEED}), all found: ${kinds}`);
    },
    PROOF_TIMEOUT_MS,
  );

  it('a reason that was altered is found, and hides nothing else', async () => {
    const business = aBusiness();
    const id = await aHistory(business);
    await service.database
      .collection('customer_audit')
      .updateOne({ customerId: new Types.ObjectId(id), seq: 3 }, { $set: { reason: randomBytes(60) } });
    const { items, verified } = (await business.history(id)).body;
    expect([items.length, verified]).toEqual([7, false]);
    expect(items[2]).not.toHaveProperty('reason');
    expect(items[3].reason).toBe('canary two');
  });

  it(
    'reasons that a purge has blanked raise no alarm',
    async () => {
      const business = aBusiness();
      for (let count = 0; count < BLANKED; count += 1) {
        const { _id } = await added(business);
        await business.setState(_id, { state: 'suspended', reason: `canary ${String(count)}` });
        await makeDue(service, business, _id);
      }
      await run(purge, { largestShare: 1 });
      await run(finishErasures, {});
      const blanked = { businessId: business.businessId, reasonCommitment: { $exists: true } };
      expect(await countIn(service, 'customer_audit', { ...blanked, reason: { $exists: false } })).toBe(
        BLANKED,
      );
      expect(await flawsIn(business)).toEqual([]);
      report(12, `${BLANKED} blanked reasons (full: 1,000): 0 false alarms`);
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'an honest history raises no alarm',
    async () => {
      const business = aBusiness();
      const alarms: string[] = [];
      for (let chain = 0; chain < HONEST; chain += 1) {
        const id = await anHonestHistory(business, chain % 5);
        if (!(await isVerified(business, id))) alarms.push(id);
      }
      alarms.push(...(await flawsIn(business)));
      report(12, `${HONEST} unaltered histories (full: 10,000): ${alarms.length} false alarms`);
      expect(alarms).toEqual([]);
    },
    PROOF_TIMEOUT_MS,
  );
});

const anHonestHistory = async (business: Business, changes: number): Promise<string> => {
  const { _id } = await added(business);
  for (let entry = 0; entry < changes; entry += 1) {
    if (entry === 2) await business.setState(_id, { state: 'suspended', reason: 'canary' });
    else await business.change(_id, { note: `n${entry}` });
  }
  return _id;
};
