import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { checkHistories, type Place } from '#lib/store/histories/check-histories.ts';
import { countHistories } from '#lib/store/histories/count-histories.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aSystemScope } from '#test/support/a-scope.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { makeDue } from '#test/support/due.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { useService } from '#test/support/service.ts';

const CLEAR_LINE = '\r\u001b[2K';
const { isTTY, columns } = process.stderr;
const service = useService('task-progress');

/** What the line of progress of a command shows, one after the other, without rate and time. */
const shownBy = async (...args: readonly string[]): Promise<string[]> => {
  const lines = await linesWrittenBy(async () => {
    expect(await runCommandLine(args, COMMANDS)).toBe(0);
  });
  return lines
    .flatMap((line) => line.split(CLEAR_LINE))
    .flatMap((text) => /^\d+% \(.*?\)/.exec(text)?.[0] ?? []);
};

/** Two businesses: one with two customers, and after it one with a customer and the record of a purged one. */
const [first, second] = [aBusiness(), aBusiness()].sort((one, other) =>
  one.businessId < other.businessId ? -1 : 1,
) as [Business, Business];
const places: Place[] = [];

beforeAll(async () => {
  Object.assign(process.stderr, { isTTY: true, columns: 120 });
  useKeyring(keyringOf('k1'));
  for (const business of [first, first, second, second]) {
    const { _id: customerId } = await added(business);
    places.push({ businessId: business.businessId, customerId });
  }
  await makeDue(service, second, places[2]!.customerId);
  expect(await shownBy('purge')).toEqual(['100% (1 of 1 customers)']);
});
afterAll(() => {
  Object.assign(process.stderr, { isTTY, columns });
});

describe('verify-histories', () => {
  it('shows its part of all histories, of purged customers too', async () => {
    expect(await shownBy('verify-histories', '--all')).toEqual([
      '50% (2 of 4 histories)',
      '100% (4 of 4 histories)',
    ]);
    expect(await shownBy('verify-histories', '--business', second.businessId)).toEqual([
      '100% (2 of 2 histories)',
    ]);
  });

  it('shows its part of the histories that an earlier run left', async () => {
    const [, lastOfFirst = ''] = places
      .filter(({ businessId }) => businessId === first.businessId)
      .map(({ customerId }) => customerId)
      .sort();
    const after = `${first.businessId}/${lastOfFirst}`;
    expect(await shownBy('verify-histories', '--all', '--after', after)).toEqual(['100% (2 of 2 histories)']);
  });

  it('counts what is checked, wherever the walk starts', async () => {
    const scope = aSystemScope('verify-histories');
    const walks = [undefined, first.businessId, second.businessId].flatMap((businessId) =>
      [undefined, ...places]
        .filter((after) => after === undefined || businessId === undefined || after.businessId === businessId)
        .map((after) => ({ businessId, after })),
    );
    const counts = new Set<number>();
    for (const walk of walks) {
      let checked = 0;
      for await (const { histories } of checkHistories({ ...walk, size: 1 }, scope))
        checked += histories.length;
      expect(await countHistories(walk, scope)).toBe(checked);
      counts.add(checked);
    }
    expect([...counts].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('reencrypt', () => {
  it('shows its part of the records that need rewriting, of purged customers too', async () => {
    expect(await shownBy('reencrypt')).toEqual([]);
    useKeyring(keyringOf('k2', 'k1'));
    expect(await shownBy('reencrypt', '--dry-run')).toEqual([]);
    expect(await shownBy('reencrypt')).toEqual([
      '50% (2 of 4 records)',
      '75% (3 of 4 records)',
      '100% (4 of 4 records)',
    ]);
    expect(await shownBy('reencrypt')).toEqual([]);
  });
});
