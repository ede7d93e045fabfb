import { beforeAll, describe, expect, it } from '@jest/globals';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { addMany } from '#test/support/many-customers.ts';
import { useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';
import { adminUriOf } from '#test/support/test-database.ts';

const service = useService('report-duplicates');
beforeAll(async () => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  await disconnect();
});

const reporting = async (business: Business, ...more: string[]) => {
  let status = -1;
  const lines = await linesWrittenBy(async () => {
    const args = ['report-duplicates', '--business', business.businessId, '--actor', 'ola', ...more];
    status = await runCommandLine(args, COMMANDS);
  });
  return { status, lines: lines.flatMap((line) => line.trimEnd().split('\n')) };
};

describe('npm run ops -- report-duplicates', () => {
  it('prints the ids, score and reasons of each pair, no values, and writes nothing', async () => {
    const business = aBusiness();
    const [one, other] = [await added(business), await added(business, { phone: null, customerType: 'new' })];
    await business.change(other._id, { firstName: one.firstName, lastName: one.lastName });
    const { status, lines } = await expectNothingWritten(service, () => reporting(business));
    expect(status).toBe(0);
    const pair = lines.find((line) => line.startsWith('{'));
    expect(JSON.parse(pair ?? '')).toEqual({
      customers: [one._id, other._id].sort(),
      score: 68,
      reasons: ['same-name', 'similar-email'],
    });
    expect(lines).toContain('Found 1 pair among 2 customers');
    expect(lines.join('\n').toLowerCase()).not.toContain('canary');
  });

  it('prints CSV, and only the pairs with a given score', async () => {
    const business = aBusiness();
    const ola = { firstName: 'Ola', lastName: 'Canary' };
    const drafts = [
      ola,
      { ...ola, phone: '49262712345678' },
      { firstName: 'Jan', lastName: 'Canary', phone: '262712345678' },
    ];
    const ids = await addMany(business.businessId, 3, (index) => drafts[index]!);
    const csv = async (...more: string[]) =>
      (await reporting(business, '--format', 'csv', ...more)).lines.filter((line) =>
        /^(?:one|[\da-f]{24}),/.test(line),
      );
    const pairs = [`${ids[0]!},${ids[1]!},50,same-name`, `${ids[1]!},${ids[2]!},60,same-phone`];
    expect(await csv()).toEqual(['one,other,score,reasons', ...pairs]);
    expect(await csv('--least-score', '51')).toEqual(['one,other,score,reasons', pairs[1]]);
  });

  it('checks a whole business, and names the values that are too common to match by', async () => {
    const business = aBusiness();
    const settings = { ...DEFAULT_SETTINGS, uniquePhone: false };
    const name = (index: number) =>
      `Canary${String.fromCharCode(98 + (index % 20)).repeat(1 + Math.floor(index / 20))}`;
    await addMany(business.businessId, 130, (index) => ({
      firstName: name(index),
      // Fifteen with each number have 105 pairs, more than the 200 that are compared at once in two of them.
      phone: `492627000000${String(10 + Math.floor(index / 15))}`,
      settings,
    }));
    const { lines } = await reporting(business);
    expect(lines).toContain('Found 885 pairs among 130 customers');
    await addMany(business.businessId, 21, () => ({ phone: '49262799999999', settings }));
    expect((await reporting(business)).lines).toEqual(
      expect.arrayContaining(['Values shared by more than 20 customers were not used for matching: phone']),
    );
  });

  it.each([
    [['--least-score', '101'], '--least-score must be a whole number from 0 to 100.'],
    [['--format', 'xml'], '--format must be csv or ndjson.'],
  ])('%j is a sentence and status 2', async (args, sentence) => {
    const { status, lines } = await reporting(aBusiness(), ...args);
    expect([status, lines[0]]).toEqual([2, sentence]);
  });
});
