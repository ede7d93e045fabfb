import { describe, expect, it } from '@jest/globals';
import { maskEmail, maskNote, maskPhone } from '#lib/privacy/masking.ts';

describe('a masked email', () => {
  it.each([
    ['anna@example.com', 'a•••@e•••.com'],
    ['Anna.Kowalska@mail.example.co.uk', 'A•••@m•••.uk'],
    ['😀nna@example.com', '😀•••@e•••.com'],
    ['anna@', 'a•••@•••.'],
    ['"a@b"@example.com', '"•••@e•••.com'],
  ])('of %s leaves two letters and the top-level domain: %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});

describe('a masked phone', () => {
  it('leaves the last two digits', () => {
    expect(maskPhone('48512345678')).toBe('•••78');
  });
});

describe('a masked note', () => {
  it('leaves nothing', () => {
    expect(maskNote()).toBe('•••');
  });
});
