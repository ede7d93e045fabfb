import { describe, expect, it } from '@jest/globals';
import {
  SegmentDefinitionDraft,
  SegmentDraft,
  SegmentDto,
  SegmentPath,
  SizedSegmentDto,
  toSegmentDto,
} from '#lib/contract/segment-dto.ts';

const definition = { visitsAtLeast: 1 };
const isTaken = (sent: unknown): boolean => SegmentDefinitionDraft.safeParse(sent).success;
const messageOf = (sent: unknown): string | undefined =>
  SegmentDefinitionDraft.safeParse(sent).error?.issues[0]?.message;

describe('a segment in a request', () => {
  it('has a name of 1 to 80 characters, without white space around it', () => {
    const named = (name: unknown) => SegmentDraft.safeParse({ name, definition });
    expect(named('  a b \n').data?.name).toBe('a b');
    expect(named('e\u0301').data?.name).toBe('é');
    expect(named('\ud800x').data?.name).toBe('\ufffdx');
    expect(named('x'.repeat(80)).success).toBe(true);
    for (const name of ['', '  ', 'x'.repeat(81), 1, null]) expect(named(name).success).toBe(false);
    expect(SegmentDraft.safeParse({ name: 'x', definition, more: 1 }).success).toBe(false);
  });

  it('is named in the path by 24 hexadecimal digits', () => {
    expect(SegmentPath.safeParse({ segmentId: 'A'.repeat(24) }).data).toEqual({ segmentId: 'a'.repeat(24) });
    expect(SegmentPath.safeParse({ segmentId: 'x' }).success).toBe(false);
  });
});

describe('a definition in a request', () => {
  it('takes times from 1970 to 2286, and 1 to 3,650 days', () => {
    const times = ['1970-01-01T00:00:00Z', '2286-11-20T17:46:39.999Z', { daysAgo: 1 }, { daysAgo: 3_650 }];
    for (const createdAfter of times) expect(isTaken({ createdAfter })).toBe(true);
    const others = [
      '1969-12-31T23:59:59.999Z',
      '2286-11-20T17:46:40Z',
      { daysAgo: 0 },
      { daysAgo: 3_651 },
      5,
    ];
    for (const createdAfter of others) expect(isTaken({ createdAfter })).toBe(false);
    const daysRule = 'This must be a whole number from 1 to 3650.';
    for (const daysAgo of [0, 3_651]) expect(messageOf({ createdAfter: { daysAgo } })).toBe(daysRule);
    for (const createdAfter of [5, { daysAgo: 1.5 }, { daysAgo: '3' }, {}])
      expect(messageOf({ createdAfter })).toBe('This must be a moment, or { "daysAgo": 1 to 3650 }.');
    expect(messageOf({ createdAfter: '1960-01-01T00:00:00Z' })).toBe(
      'This must be in the years 1970 to 2286.',
    );
  });

  it('takes 0 to 1,000,000 visits', () => {
    for (const visits of [0, 1_000_000]) {
      expect(isTaken({ visitsAtLeast: visits, visitsAtMost: visits })).toBe(true);
    }
    const rule = 'This must be a whole number from 0 to 1000000.';
    for (const visits of [-1, 1_000_001, 1.5, '3']) {
      expect(messageOf({ visitsAtLeast: visits })).toBe(rule);
      expect(messageOf({ visitsAtMost: visits })).toBe(rule);
    }
  });

  it('takes lists with something in them, and no unknown condition', () => {
    expect(isTaken({ states: ['active', 'inactive', 'suspended', 'archived'] })).toBe(true);
    expect(isTaken({ customerTypes: ['regular', 'unregistered', 'new', 'anonymous'] })).toBe(true);
    for (const sent of [
      { states: [] },
      { states: ['deleted'] },
      { states: Array.from({ length: 5 }, () => 'active') },
      { customerTypes: [] },
      { customerTypes: Array.from({ length: 5 }, () => 'new') },
      { neverVisited: false },
      { consent: { purpose: 'marketing' } },
      { consent: { purpose: 'marketing', channel: 'email', more: 1 } },
      { visits: 1 },
      { createdAfter: { daysAgo: 1, more: 1 } },
    ])
      expect([sent, isTaken(sent)]).toEqual([sent, false]);
    expect(isTaken({ neverVisited: true, consent: { purpose: 'marketing', channel: 'post' } })).toBe(true);
  });
});

describe('a segment in an answer', () => {
  it('says what was sent, with moments as texts', () => {
    const [createdAt, updatedAt] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')];
    const said = toSegmentDto({
      id: 'a'.repeat(24),
      name: 'x',
      definition: {
        states: ['active'],
        customerTypes: ['new'],
        createdAfter: createdAt,
        createdBefore: { daysAgo: 1 },
        lastVisitAfter: createdAt,
        lastVisitBefore: updatedAt,
        firstVisitAfter: { daysAgo: 3 },
        firstVisitBefore: updatedAt,
        visitsAtLeast: 1,
      },
      createdAt,
      updatedAt,
    });
    expect(JSON.parse(JSON.stringify(said))).toEqual({
      segmentId: 'a'.repeat(24),
      name: 'x',
      definition: {
        states: ['active'],
        customerTypes: ['new'],
        createdAfter: '2026-01-01T00:00:00.000Z',
        createdBefore: { daysAgo: 1 },
        lastVisitAfter: '2026-01-01T00:00:00.000Z',
        lastVisitBefore: '2026-01-02T00:00:00.000Z',
        firstVisitAfter: { daysAgo: 3 },
        firstVisitBefore: '2026-01-02T00:00:00.000Z',
        visitsAtLeast: 1,
      },
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-02T00:00:00.000Z',
    });
  });

  it('without lists has none', () => {
    const at = new Date(0);
    const segment = { id: 'a'.repeat(24), name: 'x', createdAt: at, updatedAt: at };
    expect(JSON.parse(JSON.stringify(toSegmentDto({ ...segment, definition })))).toMatchObject({ definition });
  });

  it('shows declared fields only, and with its size when it is counted', () => {
    const segment = {
      segmentId: 'a'.repeat(24),
      name: 'x',
      definition: {
        states: ['active'],
        customerTypes: ['new'],
        createdAfter: { daysAgo: 1 },
        createdBefore: '2026-01-01T00:00:00.000Z',
        lastVisitAfter: { daysAgo: 1 },
        lastVisitBefore: { daysAgo: 1 },
        firstVisitAfter: { daysAgo: 1 },
        firstVisitBefore: { daysAgo: 1 },
        visitsAtLeast: 1,
        visitsAtMost: 2,
        neverVisited: true,
        consent: { purpose: 'marketing', channel: 'email' },
      },
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    };
    expect(SegmentDto.parse({ ...segment, slot: 1 })).toEqual(segment);
    expect(SizedSegmentDto.parse({ ...segment, size: 3, slot: 1 })).toEqual({ ...segment, size: 3 });
    expect(SegmentDto.safeParse({ ...segment, definition: { states: ['x'] } }).success).toBe(false);
    expect(SegmentDto.safeParse({ ...segment, definition: { createdAfter: 5 } }).success).toBe(false);
    expect(SizedSegmentDto.safeParse(segment).success).toBe(false);
  });
});
