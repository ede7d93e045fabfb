import { describe, expect, it } from '@jest/globals';
import { CHANNELS, KNOWN_PURPOSES, matterOf } from '#lib/domain/rights/consents.ts';
import { fitting, mattersToAsk } from '#lib/domain/rights/export-page.ts';
import { fc } from '#test/support/fast-check.ts';

const bytesOf = (entry: number): number => entry;
const limits = { entries: 3, bytes: 10 };

describe('a page of an export', () => {
  it.each([
    ['nothing', [], []],
    ['everything that is within both limits', [5, 5], [5, 5]],
    ['as many entries as one page may have', [1, 1, 1, 1], [1, 1, 1]],
    ['entries up to the size that one page may have', [5, 5, 1], [5, 5]],
    ['one entry, however large it is, so that the next page gets further', [11, 1], [11]],
    ['an entry alone when the next one is too large', [1, 10], [1]],
  ])('has %s', (_what, entries, expected) => {
    expect(fitting(entries, limits, bytesOf)).toEqual(expected);
  });

  it('has one entry even when a page may have none', () => {
    expect(fitting([1, 1], { entries: 0, bytes: 0 }, bytesOf)).toEqual([1]);
  });

  it('page after page, has each entry once and in its order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 })), (entries) => {
        const pages: (readonly number[])[] = [];
        for (let rest: readonly number[] = entries; rest.length > 0; rest = rest.slice(pages.at(-1)!.length))
          pages.push(fitting(rest, limits, bytesOf));
        expect(pages.flat()).toEqual(entries);
        expect(pages.every(({ length }) => length > 0 && length <= limits.entries)).toBe(true);
      }),
    );
  });
});

describe('the refusals that an export asks for', () => {
  const known = KNOWN_PURPOSES.flatMap((purpose) => CHANNELS.map((channel) => `${purpose}:${channel}`));

  it('are those of all known purposes and channels when nothing was said', () => {
    expect(mattersToAsk([], []).map(matterOf)).toEqual(known);
  });

  it('have what is in effect and what entries are about first, each once', () => {
    const asked = mattersToAsk(
      ['newsletter:email', 'marketing:email'],
      [
        { purpose: 'newsletter', channel: 'email' },
        { purpose: 'survey', channel: 'sms' },
      ],
    ).map(matterOf);
    expect(asked.slice(0, 3)).toEqual(['newsletter:email', 'marketing:email', 'survey:sms']);
    expect([...asked].sort()).toEqual([...new Set([...asked.slice(0, 3), ...known])].sort());
  });
});
