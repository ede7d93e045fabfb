import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { Types } from 'mongoose';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { handler as reencryptCustomers } from '#functions/upkeep/reencrypt-customers/handler.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { makeDue } from '#test/support/due.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { aBusinessId, run, useService } from '#test/support/service.ts';
import { aHistory, putWorld, worldOf } from '#test/support/stored-histories.ts';
import { adminUriOf } from '#test/support/test-database.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('row-12-lines');
const STEPS = sized({ short: 40, full: 2_000 });
const folder = mkdtempSync(join(tmpdir(), 'row-12-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  useKeyring(keyringOf('k1'));
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  await disconnect();
});

const isExtension = (line: string): boolean => line.startsWith('{"message":"history-extended"');
/** Runs steps and returns the lines about the histories that they extended. */
const extensionsBy = async (steps: () => Promise<unknown>): Promise<string[]> =>
  (await linesWrittenBy(steps)).filter(isExtension);

let files = 0;
const fileOf = (lines: readonly string[]): string => {
  const file = join(folder, `${String((files += 1))}.ndjson`);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
};
const ops = async (...args: string[]) => {
  let status = -1;
  const lines = await linesWrittenBy(async () => {
    status = await runCommandLine(args, COMMANDS);
  });
  return { status, lines: lines.filter((line) => !/ histor(y|ies) checked$|^\{|^\d+ of /.test(line)) };
};
const verifying = ({ businessId }: Business, lines: readonly string[]) =>
  ops('verify-histories', '--business', businessId, '--lines', fileOf(lines));
const summary = (checked: number, failed: number): string =>
  `${checked === 1 ? '1 history' : `${String(checked)} histories`} checked, ${String(failed)} failed`;

/** Two customers with histories, and their lines. */
const aWitnessedBusiness = async () => {
  const business = aBusiness();
  let ids: string[] = [];
  const lines = await extensionsBy(async () => {
    ids = [await aHistory(business), await aHistory(business)];
  });
  return { business, ids, lines };
};

describe('each committed change leaves one line', () => {
  it('with the id, the number and the head, and no value', async () => {
    const business = aBusiness();
    let id = '';
    const lines = await extensionsBy(async () => {
      id = (await added(business))._id;
      await business.change(id, { note: 'canary' });
    });
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      [1, 2].map((number) => ({
        message: 'history-extended',
        timestamp: expect.any(String),
        requestId: expect.stringMatching(/^[\w=-]{10,}$/),
        useCase: number === 1 ? 'create-customer' : 'change-customer',
        business: business.businessId,
        customer: id,
        number,
        head: expect.stringMatching(/^[0-9a-f]{64}$/),
        keyIds: ['k1'],
      })),
    );
    expect(lines.join()).not.toMatch(/canary/i);
  });

  it('also each operation of a bulk, and both customers of a merge', async () => {
    const business = aBusiness();
    const [one, other] = [await added(business), await added(business)];
    const bulk = await extensionsBy(() =>
      business.bulk([
        { change: { _id: one._id, note: 'canary' } },
        { change: { _id: aBusinessId(), note: 'canary' } },
        { delete: { _id: other._id } },
      ]),
    );
    expect(bulk.map((line) => JSON.parse(line).customer)).toEqual([one._id, other._id]);
    await business.restore(other._id);
    const merged = await extensionsBy(() => business.merge(one._id, { loserId: other._id }));
    expect(merged.map((line) => JSON.parse(line).customer).sort()).toEqual([one._id, other._id].sort());
  });

  it.each<[string, (business: Business, id: string) => Promise<{ status: number }>]>([
    ['is refused', (business, id) => business.change(id, { email: 'no email' })],
    ['changes nothing', (business, id) => business.patch(id, {})],
    ['reads', (business, id) => business.get(id)],
    [
      'rehearses a bulk',
      (business, id) =>
        business.bulk([{ delete: { _id: id } }], {
          body: { operations: [{ delete: { _id: id } }], dryRun: true },
        }),
    ],
  ])('but none that %s', async (_what, ask) => {
    const business = aBusiness();
    const { _id } = await added(business);
    let status = 0;
    const lines = await extensionsBy(async () => ({ status } = await ask(business, _id)));
    expect(status).toBeGreaterThanOrEqual(200);
    expect(lines).toEqual([]);
  });

  it('and a replayed answer none', async () => {
    const business = aBusiness();
    const headers = { 'idempotency-key': 'once' };
    const body = aCustomer();
    const lines = await extensionsBy(async () => {
      for (let time = 0; time < 3; time += 1) await business.create(body, { headers });
    });
    expect(lines).toHaveLength(1);
  });

  it('an import and a merge of an operator leave theirs in the file that they are given', async () => {
    const business = aBusiness();
    const log = join(folder, 'operator.ndjson');
    const who = ['--business', business.businessId, '--actor', 'ola', '--access-log', log];
    const rows = [aCustomer(), aCustomer()].map((customer) => JSON.stringify(customer));
    expect((await ops('import', fileOf(rows), ...who, '--format', 'ndjson')).status).toBe(0);
    const ids = (await business.find()).body.items.map(({ _id }: any) => _id);
    const pairs = fileOf([JSON.stringify({ customers: ids })]);
    await ops('merge-duplicates', pairs, ...who, '--dry-run');
    await ops('merge-duplicates', pairs, ...who);
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    expect(lines.map((line) => [JSON.parse(line).useCase, JSON.parse(line).number])).toEqual([
      ['import-customers', 1],
      ['import-customers', 1],
      ['merge-duplicates', 2],
      ['merge-duplicates', 2],
    ]);
    expect(await verifying(business, lines)).toEqual({ status: 0, lines: [summary(2, 0)] });
  });
});

describe('verify-histories --lines finds', () => {
  it('nothing where the newest lines agree, in any order, however many are missing', async () => {
    const { business, ids, lines } = await aWitnessedBusiness();
    expect(await verifying(business, lines.toReversed())).toEqual({ status: 0, lines: [summary(2, 0)] });
    const ofFirst = lines.filter((line) => line.includes(String(ids[0])) && /"number":[25]\b/.test(line));
    const { status, lines: told } = await verifying(business, ofFirst);
    expect([status, told]).toEqual([
      0,
      [summary(2, 0), 'No line was found for 1 history: nothing to compare with.'],
    ]);
  });

  it('that a customer was set back to an earlier whole', async () => {
    const business = aBusiness();
    const id = await aHistory(business);
    const before = await worldOf(service, business);
    const lines = await extensionsBy(() => business.change(id, { note: 'canary' }));
    await putWorld(service, business, before);
    expect((await ops('verify-histories', '--business', business.businessId)).lines).toEqual([
      summary(1, 0),
      'No lines were given, so nothing shows whether customers were set back or deleted. Add --lines <file>.',
    ]);
    expect(await verifying(business, lines)).toEqual({
      status: 1,
      lines: [`${business.businessId} ${id} older-than-line`, summary(1, 1)],
    });
  });

  it('that it was set back and changed again as often', async () => {
    const business = aBusiness();
    const id = await aHistory(business);
    const before = await worldOf(service, business);
    const customer = await service.database.collection('customer').findOne({ _id: new Types.ObjectId(id) });
    const lines = await extensionsBy(async () => {
      await business.change(id, { note: 'canary' });
      await putWorld(service, business, before);
      await service.database.collection('customer').replaceOne({ _id: customer!._id }, customer!);
      expect((await business.change(id, { note: 'another' })).status).toBe(200);
    });
    expect(lines).toHaveLength(2);
    expect((await ops('verify-histories', '--business', business.businessId)).status).toBe(0);
    expect((await verifying(business, lines)).lines).toEqual([
      `${business.businessId} ${id} differs-from-line`,
      summary(1, 1),
    ]);
  });

  it('that link, customer and history were deleted together, also of a business with no other customer', async () => {
    const { business, ids, lines } = await aWitnessedBusiness();
    for (const name of ['customer_audit', 'customer_link'])
      await service.database.collection(name).deleteMany({ customerId: new Types.ObjectId(ids[0]) });
    await service.database.collection('customer').deleteMany({ _id: new Types.ObjectId(ids[0]) });
    expect((await ops('verify-histories', '--business', business.businessId)).status).toBe(0);
    const missing = `${business.businessId} ${String(ids[0])} customer-missing`;
    expect(await verifying(business, lines)).toEqual({ status: 1, lines: [missing, summary(1, 1)] });
    const gone = lines.filter((line) => line.includes(String(ids[0])));
    await putWorld(service, business, { customer_audit: [], customer_link: [], erasure: [] });
    expect((await verifying(business, gone)).lines).toEqual([missing, summary(0, 1)]);
    const all = await ops('verify-histories', '--all', '--lines', fileOf(gone));
    expect(all.lines).toContain(missing);
  });

  it('only what this run has come by', async () => {
    const { business, ids, lines } = await aWitnessedBusiness();
    const [first = '', second = ''] = ids.toSorted();
    await putWorld(service, business, { customer_audit: [], customer_link: [], erasure: [] });
    const args = ['--business', business.businessId, '--after', `${business.businessId}/${first}`];
    const { lines: told } = await ops('verify-histories', ...args, '--lines', fileOf(lines));
    expect(told).toEqual([`${business.businessId} ${second} customer-missing`, summary(0, 1)]);
  });

  it('nothing of other businesses, and one finding for each customer', async () => {
    const { business, ids, lines } = await aWitnessedBusiness();
    const other = await aWitnessedBusiness();
    await service.database
      .collection('customer_audit')
      .deleteMany({ customerId: new Types.ObjectId(ids[0]), seq: { $gt: 4 } });
    await service.database.collection('customer_link').deleteMany({ customerId: new Types.ObjectId(ids[1]) });
    await putWorld(service, other.business, { customer_audit: [], customer_link: [], erasure: [] });
    const { lines: told } = await verifying(business, [...lines, ...other.lines]);
    expect(told.toSorted()).toEqual(
      [
        `${business.businessId} ${String(ids[0])} broken-history`,
        `${business.businessId} ${String(ids[1])} customer-missing`,
        summary(1, 2),
      ].toSorted(),
    );
  });
});

describe('no honest history differs from its lines', () => {
  it(
    'after random changes, purges and rotations',
    async () => {
      const business = aBusiness();
      const ids: string[] = [];
      let rings = [keyringOf('k1', 'k2'), keyringOf('k2', 'k1')];
      const lines = await extensionsBy(async () => {
        for (const { what, whom, after } of fc.sample(someStep, { numRuns: STEPS, seed: SEED })) {
          const id = ids[whom % Math.max(1, ids.length)];
          if (what === 'add' || id === undefined) ids.push((await added(business))._id);
          else if (what === 'change') await business.change(id, { note: String(after) });
          else if (what === 'state')
            await business.setState(id, { state: after % 2 ? 'active' : 'suspended', reason: 'r' });
          else if (what === 'delete') await makeDue(service, business, id);
          else if (what === 'purge') await run(purge, { largestShare: 1 });
          else if (what === 'turn') useKeyring((rings = rings.toReversed())[0]!);
          else await run(reencryptCustomers, { settleMs: 0 });
        }
      });
      useKeyring(keyringOf('k1', 'k2'));
      const { status, lines: told } = await verifying(business, lines);
      expect([status, told]).toEqual([0, [summary(ids.length, 0)]]);
      report(12, `${lines.length} lines of ${ids.length} honest customers (seed ${SEED}): 0 false alarms`);
    },
    PROOF_TIMEOUT_MS,
  );
});

const someStep = fc.record({
  what: fc.constantFrom('add', 'change', 'change', 'change', 'state', 'delete', 'purge', 'turn', 'reencrypt'),
  whom: fc.nat({ max: 999 }),
  after: fc.nat({ max: 999 }),
});
