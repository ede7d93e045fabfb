import { describe, expect, it } from '@jest/globals';
import { fold, type Stored, united } from '#lib/domain/activity/fold.ts';
import { anOrderFact, aPaymentFact } from './samples.ts';

const stored = (customerId: string, overrides: Partial<Stored> = {}): Stored => ({
  ...{ customerId, attendeeIds: [customerId], stamp: '1', facts: anOrderFact() },
  ...overrides,
});

describe('a newer state of a source', () => {
  it('adds who is new, changes who stays, and lets go who is named no longer', () => {
    const [stays, goes] = [stored('stays'), stored('goes')];
    const booked = anOrderFact({ counts: 'booked' });
    const folded = fold([stays, goes], {
      stamp: '2',
      named: [
        { customerId: 'stays', attendeeIds: ['another'], facts: booked },
        { customerId: 'comes', attendeeIds: ['comes'], facts: booked },
      ],
    });
    expect(folded).toEqual([
      {
        before: stays,
        after: { customerId: 'stays', attendeeIds: ['stays', 'another'], stamp: '2', facts: booked },
      },
      {
        before: null,
        after: { customerId: 'comes', attendeeIds: ['comes'], stamp: '2', facts: booked },
      },
      {
        before: goes,
        after: {
          ...goes,
          stamp: '2',
          facts: anOrderFact({ counts: 'no', endAt: null, services: [], hasLeft: true }),
        },
      },
    ]);
    expect(
      fold(
        folded.slice(2).map(({ after }) => after),
        { stamp: '3', named: [] },
      ),
    ).toEqual([]);
  });

  it('keeps no amount of who was the payer', () => {
    const [left] = fold([stored('one', { facts: aPaymentFact() })], { stamp: '2', named: [] });
    expect(left?.after.facts).toMatchObject({ counts: 'no', minor: null, currency: null, hasLeft: true });
  });
});

describe('two parts of one source that become one', () => {
  it('count as the one that has not left, with the ids of both', () => {
    const left = stored('one', { stamp: '2', facts: anOrderFact({ counts: 'no', hasLeft: true }) });
    const both = { attendeeIds: ['one', 'other'], facts: { counts: 'visit', hasLeft: false } };
    expect(united(left, stored('other'))).toMatchObject(both);
    expect(united(stored('one'), { ...left, customerId: 'other', attendeeIds: ['other'] })).toMatchObject(
      both,
    );
  });

  it('count as the newer one, and as one order when they are of the same state', () => {
    const cancelled = anOrderFact({ counts: 'cancelled' });
    const newer = stored('other', { stamp: '2', facts: cancelled });
    expect(united(stored('one'), newer).facts.counts).toBe('cancelled');
    expect(united(newer, stored('one')).facts.counts).toBe('cancelled');
    expect(united({ ...newer, stamp: '1' }, stored('one')).facts.counts).toBe('visit');
    const paid = stored('one', { facts: aPaymentFact() });
    expect(united(paid, stored('other', { facts: aPaymentFact({ minor: 7 }) })).facts).toEqual(paid.facts);
  });
});
