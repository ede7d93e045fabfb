import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { DEEPEST_LEVEL, jsonExcess, mostMembers } from '#lib/contract/json-limits.ts';
import { DEFAULT_BODY_LIMIT_BYTES } from '#lib/contract/route.ts';

const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const lists = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('the depth of a JSON text', () => {
  it.each([
    ['lists', lists],
    ['objects', objects],
    [
      'both',
      (levels: number) => (levels % 2 === 0 ? `[{"a":${lists(levels - 2)}}]` : `[${objects(levels - 1)}]`),
    ],
  ])('may be 20 levels of %s, and no more', (_of, nested) => {
    expect(jsonExcess(nested(DEEPEST_LEVEL), NO_LIMIT)).toBeNull();
    expect(jsonExcess(nested(DEEPEST_LEVEL + 1), NO_LIMIT)).toBe('too-deep');
    expect(DEEPEST_LEVEL).toBe(20);
  });

  it('is that of the deepest member, however many are beside it', () => {
    const wide = `[${Array(50)
      .fill(lists(DEEPEST_LEVEL - 1))
      .join()}]`;
    expect(jsonExcess(wide, NO_LIMIT)).toBeNull();
    expect(jsonExcess(`[${wide}]`, NO_LIMIT)).toBe('too-deep');
  });

  it.each([
    ['brackets', '['.repeat(30)],
    ['a quotation mark before brackets', `"${'['.repeat(30)}`],
    ['backslashes before brackets', `\\\\${'{'.repeat(30)}`],
    ['a backslash at its end', '\\'],
    ['commas', ','.repeat(30)],
  ])('is not that of a text with %s in it', (_what, text) => {
    expect(jsonExcess(JSON.stringify([text, { [text]: text }]), 5)).toBeNull();
    expect(jsonExcess(`[${JSON.stringify(text)},${lists(DEEPEST_LEVEL)}]`, NO_LIMIT)).toBe('too-deep');
  });

  it('is measured without recursion, in a million levels and in what is no JSON', () => {
    for (const text of [
      '['.repeat(1e6),
      '{"a":'.repeat(2e5),
      `${']'.repeat(30)}${'['.repeat(51)}`,
      '[{'.repeat(11),
    ])
      expect(jsonExcess(text, NO_LIMIT)).toBe('too-deep');
    for (const text of ['', '"', '"\\', ']', '}}', '[', 'null', '"['.padEnd(99, '[')])
      expect(jsonExcess(text, NO_LIMIT)).toBeNull();
  });
});

/** The members of a value; an empty list or object counts as one. */
const membersOf = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  return Math.max(1, members.length) + members.reduce<number>((sum, one) => sum + membersOf(one), 0);
};

describe('the members of a JSON text', () => {
  it('are the fields and entries at all levels', () => {
    const values = fc.jsonValue({ maxDepth: 8, depthSize: 'large' });
    fc.assert(
      fc.property(values, fc.constantFrom(undefined, 2), (value, space) => {
        const [text, members] = [JSON.stringify(value, null, space), membersOf(value)];
        expect(jsonExcess(text, members)).toBeNull();
        expect(jsonExcess(text, members - 1)).toBe('too-many-members');
      }),
      { numRuns: 1_000, examples: [[[{ a: [1, 'x', {}] }, []], undefined]] },
    );
  });

  it('are limited by how large the text may be', () => {
    expect([mostMembers(DEFAULT_BODY_LIMIT_BYTES), mostMembers(1024 * 1024), mostMembers(47)]).toEqual([
      8_192, 65_536, 2,
    ]);
  });

  it('are few enough in the densest body that is allowed: timelines, in a customer and in a bulk', () => {
    const stateHistory = Array(200).fill({ state: 'active', setAt: '2026-01-01T00:00:00Z' });
    const customer = JSON.stringify({
      ...Object.fromEntries(Array.from('abcdefghijklmno', (name) => [name, 1])),
      stateHistory,
    });
    expect(jsonExcess(customer, mostMembers(DEFAULT_BODY_LIMIT_BYTES))).toBeNull();
    const bulk = `{"operations":[${Array(100).fill(`{"create":${customer}}`).join()}]}`;
    expect(Buffer.byteLength(bulk)).toBeGreaterThan(1_000_000);
    expect(jsonExcess(bulk, mostMembers(1024 * 1024))).toBeNull();
  });
});
