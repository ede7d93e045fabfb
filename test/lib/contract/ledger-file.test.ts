import { describe, expect, it } from '@jest/globals';
import { readLedgerFile, toLedgerFile } from '#lib/contract/ledger-file.ts';
import type { LedgerEntry } from '#lib/domain/rights/erasure.ts';
import { fc } from '#test/support/fast-check.ts';

const digest = (text: string) => `hash${String(text.length)}`;
const entry: LedgerEntry = {
  businessId: 'b'.repeat(24),
  customerId: 'c'.repeat(24),
  at: new Date('2026-11-28T10:20:30.456Z'),
  cause: 'request',
  auditSeq: 3,
  auditHead: 'ab12',
};
const LINE =
  '{"v":1,"businessId":"bbbbbbbbbbbbbbbbbbbbbbbb","customerId":"cccccccccccccccccccccccc","at":"2026-11-28T10:20:30.456Z","cause":"request","auditSeq":3,"auditHead":"ab12"}\n';

const hexId = fc.stringMatching(/^[0-9a-f]{24}$/);
const anEntry = fc.record({
  businessId: hexId,
  customerId: hexId,
  at: fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  cause: fc.constantFrom('request' as const, 'retention' as const),
  auditSeq: fc.nat(),
  auditHead: fc.stringMatching(/^([0-9a-f]{2}){1,40}$/),
});

describe('a file of the ledger', () => {
  it('has a line for each erasure, and is named by the time of the newest and its content', () => {
    const later = { ...entry, at: new Date('2026-11-29T00:00:00.007Z'), cause: 'retention' as const };
    expect(toLedgerFile([entry], digest)).toEqual({
      key: `erasures/2026/11/28/20261128T102030456Z-hash${String(LINE.length)}.ndjson`,
      text: LINE,
    });
    const both = toLedgerFile([entry, later], digest);
    expect(both.key).toMatch(/^erasures\/2026\/11\/29\/20261129T000000007Z-hash/);
    expect(both.text.split('\n')).toHaveLength(3);
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anEntry, fc.array(anEntry, { maxLength: 5 }), (first, more) => {
        const { text } = toLedgerFile([first, ...more], digest);
        expect(readLedgerFile(text)).toEqual({ entries: [first, ...more] });
      }),
    );
  });

  it('lists earlier files before later ones', () => {
    fc.assert(
      fc.property(anEntry, anEntry, (one, other) => {
        const [early, late] = one.at <= other.at ? [one, other] : [other, one];
        if (early.at < late.at)
          expect(toLedgerFile([early], digest).key < toLedgerFile([late], digest).key).toBe(true);
      }),
    );
  });
});

describe('a line that is none of the ledger’s', () => {
  const line = (change: object) => `${JSON.stringify({ ...JSON.parse(LINE), ...change })}\n`;
  it.each<[string, string, number]>([
    ['an empty file', '', 1],
    ['an empty line', `${LINE}\n${LINE}`, 2],
    ['a line that was cut off', LINE + LINE.slice(0, 40), 2],
    ['a last line without its end', LINE + LINE.trimEnd(), 2],
    ['a text', `${LINE}erased: Anna\n`, 2],
    ['a list', '[]\n', 1],
    ['null', 'null\n', 1],
    ['another version', line({ v: 2 }), 1],
    ['a field too many', line({ name: 'Anna' }), 1],
    ['a field too few', line({ at: undefined }), 1],
    ['a time without milliseconds', line({ at: '2026-11-28T10:20:30Z' }), 1],
    ['no time', line({ at: 'yesterday' }), 1],
    ['a business that is no id', line({ businessId: 'B'.repeat(24) }), 1],
    ['a business with more than an id', line({ businessId: 'b'.repeat(25) }), 1],
    ['a customer that is no id', line({ customerId: { $ne: null } }), 1],
    ['a customer with more than an id', line({ customerId: `x${'c'.repeat(24)}` }), 1],
    ['an unknown cause', line({ cause: 'fun' }), 1],
    ['a number that is none', line({ auditSeq: -1 }), 1],
    ['a number with a fraction', line({ auditSeq: 1.5 }), 1],
    ['a head that is no hexadecimal number', line({ auditHead: 'abx1' }), 1],
    ['a head of half a byte', line({ auditHead: 'abc' }), 1],
    ['no head', line({ auditHead: '' }), 1],
  ])('is named: %s', (_what, text, unreadableLine) => {
    expect(readLedgerFile(text)).toEqual({ unreadableLine });
  });
});
