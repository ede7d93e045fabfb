import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { report } from '#test/support/promise.ts';
import { run, useService } from '#test/support/service.ts';
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

const service = useService('row-12-raw');
const FIRST = keyringOf('k1');
const TURNED = keyringOf('k2', 'k1');
beforeEach(async () => {
  for (const name of ['customer', 'customer_link', 'customer_audit', 'erasure'])
    await service.database.collection(name).deleteMany({});
  useKeyring(FIRST);
});

const reencrypting = () => run(reencryptCustomers, { settleMs: 0 });

type Attack = (world: World, id: string, otherId: string) => World;
const entryOf = ({ customer_audit: entries }: World, id: string, seq: number): Raw =>
  entries.find((one) => ownerOf(one) === id && one['seq'] === seq)!;
const replaced = (list: readonly Raw[], one: Raw, by: Raw): readonly Raw[] =>
  list.map((each) => (each === one ? by : each));

/** Two entries with a reason exchange these fields. */
const exchanging =
  (...names: readonly string[]) =>
  (world: World, one: Raw, other: Raw): World => {
    const taken = (from: Raw, to: Raw) => ({
      ...to,
      ...Object.fromEntries(names.map((name) => [name, from[name]])),
    });
    const first = replaced(world.customer_audit, one, taken(other, one));
    return { ...world, customer_audit: replaced(first, other, taken(one, other)) };
  };
const within =
  (...names: string[]): Attack =>
  (world, id) =>
    exchanging(...names)(world, entryOf(world, id, 3), entryOf(world, id, 4));
const across =
  (...names: string[]): Attack =>
  (world, id, otherId) =>
    exchanging(...names)(world, entryOf(world, id, 3), entryOf(world, otherId, 3));

const removing =
  (...names: readonly string[]): Attack =>
  (world, id) => {
    const one = entryOf(world, id, 3);
    const left = Object.fromEntries(Object.entries(one).filter(([name]) => !names.includes(name)));
    return { ...world, customer_audit: replaced(world.customer_audit, one, left) };
  };

/** Deletes the entries after the third and sets the link back to it, with this in the place of the seal. */
const cutting =
  (sealOf: (link: Raw, third: Raw) => unknown): Attack =>
  (world, id) => {
    const third = entryOf(world, id, 3);
    return {
      ...world,
      customer_audit: world.customer_audit.filter((one) => ownerOf(one) !== id || one['seq'] <= 3),
      customer_link: world.customer_link.map((link) => {
        if (ownerOf(link) !== id) return link;
        const { auditSeal: _seal, ...rest } = link;
        const seal = sealOf(link, third);
        const head = { auditSeq: 3, auditHead: third['hash'], state: 'suspended', version: 2 };
        return { ...rest, ...head, ...(seal !== undefined && { auditSeal: seal }) };
      }),
    };
  };

const changingLink =
  (change: object): Attack =>
  (world, id) => ({
    ...world,
    customer_link: world.customer_link.map((link) => (ownerOf(link) === id ? { ...link, ...change } : link)),
  });

const ATTACKS: Readonly<Record<string, Attack>> = {
  'the reasons of two entries are swapped': within('reason'),
  'the reasons and the ids of two entries are swapped': within('reason', '_id'),
  'the reasons and the commitments of two entries are swapped': within('reason', 'reasonCommitment'),
  'the reasons, commitments and ids of two entries are swapped': within('reason', 'reasonCommitment', '_id'),
  'the reasons of two customers are swapped': across('reason'),
  'the reasons and the ids of two customers are swapped': across('reason', '_id'),
  'the reasons, commitments and ids of two customers are swapped': across(
    'reason',
    'reasonCommitment',
    '_id',
  ),
  'a reason is removed': removing('reason'),
  'a reason and its commitment are removed': removing('reason', 'reasonCommitment'),
  'the newest entries are deleted and the link is set back': cutting((link) => link['auditSeal']),
  'the same, and the seal is removed': cutting(() => undefined),
  'the same, and the seal is the hash of an earlier entry': cutting((_link, third) => third['hash']),
  'all entries are deleted': (world, id) => ({
    ...world,
    customer_audit: world.customer_audit.filter((one) => ownerOf(one) !== id),
  }),
  'all entries are deleted and the number is set to 0': (world, id, otherId) =>
    changingLink({ auditSeq: 0, auditHead: Buffer.alloc(0) })(
      ATTACKS['all entries are deleted']!(world, id, otherId),
      id,
      otherId,
    ),
  'the state of the link is changed': changingLink({ state: 'archived' }),
  'the version of the link is changed': changingLink({ version: 9 }),
};

/** A business with two customers, one of whom was attacked. */
const attacked = async (attack: Attack): Promise<{ business: Business; id: string }> => {
  const business = aBusiness();
  const [id, otherId] = [await aHistory(business), await aHistory(business)];
  expect([await isVerified(business, id), await flawsIn(business)]).toEqual([true, []]);
  await putWorld(service, business, attack(await worldOf(service, business), id, otherId));
  return { business, id };
};

describe('each way to alter a history by raw writes is found', () => {
  it.each(Object.entries(ATTACKS))('%s', async (_what, attack) => {
    const { business, id } = await attacked(attack);
    expect(await isVerified(business, id)).toBe(false);
    expect(await flawsIn(business)).toContain(`${id} broken-history`);
  });

  it.each(Object.entries(ATTACKS))('a re-encryption does not hide it: %s', async (_what, attack) => {
    const { business, id } = await attacked(attack);
    useKeyring(TURNED);
    expect((await reencrypting()).troubles).toContainEqual(
      expect.objectContaining({ customerId: id, trouble: 'broken-history' }),
    );
    expect(await isVerified(business, id)).toBe(false);
    expect(await flawsIn(business)).toContain(`${id} broken-history`);
  });

  it.each(Object.entries(ATTACKS))('nor does the next honest change: %s', async (_what, attack) => {
    const { business, id } = await attacked(attack);
    // So that the change is not refused because link and customer differ.
    const { customer_link: links } = await worldOf(service, business);
    const { state, version } = links.find((link) => ownerOf(link) === id)!;
    await service.database.collection('customer').updateOne(
      { _id: links.find((link) => ownerOf(link) === id)!['customerId'] },
      {
        $set: { __v: version, stateHistory: [{ state, setAt: new Date() }] },
      },
    );
    expect((await business.change(id, { note: 'an honest change' })).status).toBe(200);
    expect(await isVerified(business, id)).toBe(false);
    expect((await business.change(id, { note: 'one more' })).status).toBe(200);
    expect(await isVerified(business, id)).toBe(false);
  });

  it('a link that is deleted leaves a history without a customer', async () => {
    const { business, id } = await attacked((world, one) => ({
      ...world,
      customer_link: world.customer_link.filter((link) => ownerOf(link) !== one),
    }));
    expect(await flawsIn(business)).toEqual([`${id} customer-missing`]);
  });

  it('also when no other customer is left', async () => {
    const business = aBusiness();
    const ids = [await aHistory(business), await aHistory(business)].sort();
    await putWorld(service, business, { ...(await worldOf(service, business)), customer_link: [] });
    expect(await flawsIn(business)).toEqual(ids.map((id) => `${id} customer-missing`));
    const everywhere = await run(verifyHistories, {});
    expect(everywhere.flawed).toEqual(
      expect.arrayContaining(ids.map((customerId) => expect.objectContaining({ customerId }))),
    );
  });
});

const RECORD_ATTACKS: Readonly<Record<string, (record: Raw, third: Raw) => Raw>> = {
  'is set back': (record, third) => ({ ...record, auditSeq: 3, auditHead: third['hash'] }),
  'has another version': (record) => ({ ...record, version: 1 }),
  'has no version': ({ version: _version, ...record }) => record,
  'has no seal': ({ auditSeal: _seal, ...record }) => record,
};

it('as many ways as the report says were tried', () => {
  report(
    12,
    `${Object.keys(ATTACKS).length} raw attacks, each also before a re-encryption and a change: all found`,
  );
});

describe('the history of a purged customer', () => {
  it.each(Object.entries(RECORD_ATTACKS))('is found when its erasure record %s', async (_what, edit) => {
    const business = aBusiness();
    const id = await aPurgedHistory(service, business);
    const world = await worldOf(service, business);
    const erasure = world.erasure.map((record) => edit(record, entryOf(world, id, 3)));
    await putWorld(service, business, { ...world, erasure });
    expect(await flawsIn(business)).toEqual([`${id} broken-history`]);
  });

  it('is found when the commitment to a blanked reason is removed', async () => {
    const business = aBusiness();
    const id = await aPurgedHistory(service, business);
    await putWorld(service, business, removing('reasonCommitment')(await worldOf(service, business), id, ''));
    expect(await flawsIn(business)).toEqual([`${id} broken-history`]);
  });

  it('is found when its erasure record is deleted', async () => {
    const business = aBusiness();
    const id = await aPurgedHistory(service, business);
    await putWorld(service, business, { ...(await worldOf(service, business)), erasure: [] });
    expect(await flawsIn(business)).toEqual([`${id} customer-missing`]);
  });

  it('does not hide that a live customer was removed: its erasure record cannot be made of the link', async () => {
    const business = aBusiness();
    const id = await aHistory(business);
    const world = await worldOf(service, business);
    const erasure = world.customer_link.map(({ customerId, businessId, ...link }) => {
      const { auditSeq, auditHead, auditSeal, version, keyUse } = link;
      const head = { auditSeq, auditHead, auditSeal, version, keyUse };
      return { _id: customerId, businessId, at: new Date(), cause: 'retention', ...head };
    });
    await putWorld(service, business, { ...world, customer_link: [], erasure });
    expect(await flawsIn(business)).toEqual([`${id} broken-history`]);
  });
});
