import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { shapeOf } from '#infra/ops/import/survey.ts';
import { SEED } from '#test/support/seed.ts';

describe('the shape of a value that an import prints', () => {
  it.each([
    ['Anna Nowak', 'Xxxx Xxxxx'],
    ['+48 512-345-678', '+99 999-999-999'],
    ['ola@b.example', 'xxx@x.xxxxxxx'],
    ['Żółć, Łucja', 'Xxxx, Xxxxx'],
    ['a'.repeat(31), `${'x'.repeat(30)}…`],
    ['=-,;😀"()', 'only signs'],
    [`${'-'.repeat(40)}a`, 'only signs'],
    ['😀😀', 'only signs'],
  ])('of %j is %j', (value, shape) => {
    expect(shapeOf(value)).toBe(shape);
  });

  it('never holds the value', () => {
    const values = fc
      .string({ minLength: 4, unit: 'grapheme' })
      .map((text) => text.replaceAll(/[9Xx]/g, 'y').trim())
      .filter((text) => text.length > 3);
    fc.assert(
      fc.property(values, (value) => {
        expect(shapeOf(value)).not.toContain(value);
      }),
      { seed: SEED },
    );
  });
});
