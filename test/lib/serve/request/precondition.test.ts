import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { versionsIn } from '#lib/serve/request/precondition.ts';

const read = (header: string | undefined, precondition: 'optional' | 'required' = 'optional') =>
  versionsIn({ 'if-match': header }, precondition);

describe('versionsIn', () => {
  it.each([
    ['"0"', ['0']],
    ['"0", "1"', ['0', '1']],
    ['"0","1" , "purged"', ['0', '1', 'purged']],
    [' "12" ', ['12']],
  ])('reads %s', (header, versions) => {
    expect(read(header)).toEqual(versions);
  });

  it.each([undefined, '', '  '])('takes %j for no header', (header) => {
    expect(read(header)).toBeUndefined();
    expect(() => read(header, 'required')).toThrow(expect.objectContaining({ code: 'version-required' }));
  });

  it('accepts any version by a star, which satisfies «required»', () => {
    expect(read('*', 'required')).toBeUndefined();
  });

  it('never matches a weak tag, as RFC 9110 says, whatever its version', () => {
    expect(read('W/"0"')).toEqual(['weak']);
    expect(read('W/"0", "1", W/"12"')).toEqual(['weak', '1', 'weak']);
    expect(() => read(`W/"${'x'.repeat(41)}"`)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });

  it.each([
    '0',
    '"0',
    '0"',
    '""',
    '"a b"',
    '"0";"1"',
    '*, "0"',
    '"0",',
    `"${'x'.repeat(41)}"`,
    Array(11).fill('"1"').join(),
  ])('refuses %s', (header) => {
    const violation = {
      in: 'header',
      pointer: '#/if-match',
      error: 'etag-format',
      message: 'Send the ETag as you received it, with its quotes.',
    };
    expect(() => read(header)).toThrow(
      expect.objectContaining({ code: 'invalid-request', details: { violations: [violation] } }),
    );
  });

  it('answers or refuses any text, and never with another error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (header) => {
        try {
          const versions = read(header);
          for (const version of versions ?? []) expect(version).toMatch(/^[\w-]{1,40}$/);
        } catch (error) {
          expect(error).toMatchObject({ name: 'Refusal', code: 'invalid-request' });
        }
      }),
    );
  });
});
