import { describe, expect, it } from '@jest/globals';
import { maskEmail, maskNote, maskPhone } from '#lib/domain/access/masking.ts';

describe('a masked email', () => {
  it.each([
    ['anna@example.com', 'a•••@•••.com'],
    ['Anna.Kowalska@mail.example.co.uk', 'A•••@•••.uk'],
    ['😀nna@example.com', '😀•••@•••.com'],
    ['"a@b"@example.com', '"•••@•••.com'],
    ['a.very.long.name.of.a.person@a.very.long.domain.example', 'a•••@•••.example'],
  ])('of %s leaves the first letter and the top-level domain: %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });

  it.each(['a@example.com', 'ab@x.com', 'abc@mail.example.com', '😀😀😀@example.com', '@example.com'])(
    'of %s, whose name is short, leaves no letter',
    (email) => {
      expect(maskEmail(email)).toBe('•••@•••.com');
    },
  );

  it.each([
    ['anna.b@localhost', 'a•••@•••'],
    ['anna@', 'a•••@•••'],
    ['anna', '•••@•••'],
    ['anna.com', '•••@•••.com'],
    ['', '•••@•••'],
  ])('of %s, which is none, leaves no more', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });

  it('does not tell how long the name or the domain is', () => {
    const lengths = [4, 5, 9, 30, 64];
    const masks = lengths.flatMap((name) =>
      lengths.map((domain) => maskEmail(`${'n'.repeat(name)}@${'d'.repeat(domain)}.com`)),
    );
    expect([...new Set(masks)]).toEqual(['n•••@•••.com']);
  });
});

describe('a masked phone', () => {
  it.each([
    ['48512345678', '•••78'],
    ['123456789', '•••89'],
    ['123456789012345', '•••45'],
    ['+48512345678', '•••78'],
    ['+48 512 345 67 8', '•••78'],
  ])('of %s leaves the last two digits: %s', (digits, masked) => {
    expect(maskPhone(digits)).toBe(masked);
  });

  it.each(['12345678', '+12345678', '12-34-56-78', '1234567', '112', '7', '+', ''])(
    'of %s, of which fewer than seven digits would be hidden, leaves none',
    (digits) => {
      expect(maskPhone(digits)).toBe('•••');
    },
  );
});

describe('a masked note', () => {
  it('leaves nothing', () => {
    expect(maskNote()).toBe('•••');
  });
});
