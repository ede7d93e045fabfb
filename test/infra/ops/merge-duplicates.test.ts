import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { addMany } from '#test/support/many-customers.ts';
import { chooseElsewhere } from '#test/support/rules-elsewhere.ts';
import { useService } from '#test/support/service.ts';
import { documentIn, expectNothingWritten } from '#test/support/stored.ts';
import { adminUriOf } from '#test/support/test-database.ts';

const service = useService('merge-duplicates');
const folder = mkdtempSync(join(tmpdir(), 'merge-duplicates-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  await disconnect();
});

/** How far it is; and what `npm run ops` silences. */
const IS_PROGRESS = /^\d+ of \d+ |^\{"level"/;
const ops = async (command: string, business: Business, ...args: string[]) => {
  let status = -1;
  const lines = await linesWrittenBy(async () => {
    const who = ['--business', business.businessId, '--actor', 'ola'];
    status = await runCommandLine([command, ...args, ...who], COMMANDS);
  });
  const told = lines.flatMap((line) => line.trimEnd().split('\n'));
  return { status, lines: told.filter((line) => !IS_PROGRESS.test(line)) };
};
let files = 0;
const aFile = (...lines: string[]): string => {
  const file = join(folder, `${String((files += 1))}.ndjson`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
};
const pairOf = (...customers: string[]): string => JSON.stringify({ customers });
const merging = (business: Business, file: string, ...more: string[]) =>
  ops('merge-duplicates', business, file, ...more);

/** A business from before: three with one phone, each with an email of its own. */
const aLegacyBusiness = async () => {
  const business = aBusiness();
  const ids = await addMany(business.businessId, 3, (index) => ({
    firstName: 'Ola',
    lastName: 'Canary',
    phone: '49262712345678',
    email: `canary-${String(index)}@example.com`,
    note: `canary ${String(index)}`,
    settings: { ...DEFAULT_SETTINGS, uniquePhone: false },
  }));
  return { business, ids: [...ids].sort() as [string, string, string] };
};

/** Resolves when a text is written to standard error. Lasts until the lines of the command are captured. */
const said = (text: string): Promise<void> =>
  new Promise((resolve) => {
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (chunk: string | Uint8Array) => {
      if (String(chunk).includes(text)) resolve();
      return write(chunk);
    };
  });

describe('npm run ops -- merge-duplicates', () => {
  it('merges the pairs from report-duplicates, after which a uniqueness can be switched on', async () => {
    const { business, ids } = await aLegacyBusiness();
    await business.chooseSettings({ uniquePhone: false });
    const report = (await ops('report-duplicates', business)).lines.filter((line) => line.startsWith('{'));
    expect(report).toHaveLength(3);
    const { status, lines } = await merging(business, aFile(...report));
    expect([status, lines]).toEqual([0, ['2 merged, 1 already merged, 0 refused']]);
    const [first] = ids;
    for (const id of ids) expect((await business.get(id)).body._id).toBe(first);
    expect((await business.get(first)).body.note).toBe('canary 0\n\ncanary 1\n\ncanary 2');
    expect((await business.find({ state: 'active' })).body.totalSize).toBe(1);
    expect((await business.chooseSettings({ uniquePhone: true })).status).toBe(200);
    const { items, verified } = (await business.history(first)).body;
    expect(verified).toBe(true);
    expect(items.slice(1).map(({ actor, action }: any) => [actor, action])).toEqual([
      ['operator:ola', 'merge-customer'],
      ['operator:ola', 'merge-customer'],
    ]);
  });

  it('skips pairs that are already merged when it runs again', async () => {
    const { business, ids } = await aLegacyBusiness();
    const file = aFile(pairOf(ids[1], ids[0]), pairOf(ids[1], ids[2]));
    await merging(business, file);
    const again = await expectNothingWritten(service, () => merging(business, file));
    expect([again.status, again.lines]).toEqual([0, ['0 merged, 2 already merged, 0 refused']]);
    expect((await business.get(ids[0])).body._id).toBe(ids[1]);
  });

  it('waits for the end of a transaction that a killed run left behind', async () => {
    const { business, ids } = await aLegacyBusiness();
    const session = await service.database.startSession();
    session.startTransaction();
    await service.database
      .collection('customer_link')
      .updateOne({ customerId: new Types.ObjectId(ids[1]) }, { $set: { state: 'active' } }, { session });
    const merged = merging(business, aFile(pairOf(ids[0], ids[1])));
    await Promise.race([merged, said('Waiting for another write')]);
    await session.abortTransaction();
    await session.endSession();
    expect(await merged).toEqual({
      status: 0,
      lines: [
        expect.stringContaining(
          'Waiting for another write to the same customers to end, for up to 90 seconds',
        ),
        '1 merged, 0 already merged, 0 refused',
      ],
    });
  });

  it('prints in a dry run what each line would do, and writes nothing', async () => {
    const { business, ids } = await aLegacyBusiness();
    const file = aFile(pairOf(ids[0], ids[1]), '', pairOf(ids[0], 'f'.repeat(24)));
    const { status, lines } = await expectNothingWritten(service, () => merging(business, file, '--dry-run'));
    expect([status, lines]).toEqual([
      1,
      [
        'line 3: customer-not-found: This business has no customer with this id.',
        '1 would be merged, 0 already merged, 1 refused',
      ],
    ]);
  });

  it('refuses single pairs, and a customer of another business like an unknown one', async () => {
    const { business, ids } = await aLegacyBusiness();
    const stranger = await added(aBusiness());
    await business.delete(ids[2]);
    const file = aFile(pairOf(ids[0], stranger._id), pairOf(ids[0], ids[2]), pairOf(ids[0], ids[1]));
    const { status, lines } = await merging(business, file);
    expect([status, lines.length, lines.at(-1)]).toEqual([1, 3, '1 merged, 0 already merged, 2 refused']);
    expect(lines[0]).toMatch(/^line 1: customer-not-found: /);
    expect(lines[1]).toMatch(/^line 2: illegal-transition: /);
    expect((await documentIn(service, 'customer_link', { customerId: stranger._id })).state).toBe('active');
  });

  it.each([
    ['no JSON', '{"customers":['],
    ['one id', '{"customers":["aaaaaaaaaaaaaaaaaaaaaaaa"]}'],
    ['no ids', '{"customers":["Anna","Ola"]}'],
    ['another list', '{"ids":[]}'],
    ['null', 'null'],
  ])('merges nothing from a file with a line that is %s', async (_what, line) => {
    const { business, ids } = await aLegacyBusiness();
    const file = aFile(pairOf(ids[0], ids[1]), line);
    const { status, lines } = await expectNothingWritten(service, () => merging(business, file));
    expect([status, lines[0]]).toEqual([
      2,
      'Line 2 must be {"customers":["<id>","<id>"]}. Correct it and run again. Nothing was merged.',
    ]);
  });

  it('refuses no pair by a rule that another environment has changed', async () => {
    const business = aBusiness();
    await business.chooseSettings({ regularRequires: 'email-or-phone' });
    const survivor = await added(business, { firstName: null, phone: null });
    const loser = await added(business, { phone: null });
    await business.chooseSettings({ regularRequires: 'email-and-phone' });
    // From here on, this environment has the stricter rule in its cache.
    expect((await business.create(aCustomer({ phone: null }))).status).toBe(400);
    await chooseElsewhere(service, business.businessId, { regularRequires: 'email-or-phone' });
    const { lines } = await merging(business, aFile(pairOf(survivor._id, loser._id)));
    expect(lines).toEqual(['1 merged, 0 already merged, 0 refused']);
  });

  it('says in a sentence that the file cannot be read', async () => {
    const { status, lines } = await merging(aBusiness(), join(folder, 'none'));
    expect([status, lines[0]]).toEqual([
      2,
      `Cannot read ${join(folder, 'none')}. Check its path and that you may read it.`,
    ]);
  });
});
