import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { saslprep as original } from '@mongodb-js/saslprep';
import { saslprep } from '#infra/build/shims/saslprep.ts';

const printableAscii = fc.string({ unit: 'grapheme-ascii' });

describe('the stand-in for SASLprep', () => {
  it('does to printable ASCII what the package does: nothing', () => {
    fc.assert(
      fc.property(printableAscii, (password) => {
        expect(saslprep(password)).toBe(password);
        expect(original(password)).toBe(password);
      }),
    );
  });

  it.each(['pässword', 'a\u00a0b', 'a\tb', 'a\u00adb', 'пароль'])(
    'refuses %j in a sentence that does not repeat it: the package might change it',
    (password) => {
      const attempt = () => saslprep(password);
      expect(attempt).toThrow('printable ASCII characters only');
      expect(attempt).not.toThrow(password);
    },
  );
});
