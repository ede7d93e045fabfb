import { describe, expect, it } from '@jest/globals';
import { PURPOSES } from '#lib/domain/purpose.ts';

describe('the purposes', () => {
  it('are a closed list', () => {
    expect(Object.keys(PURPOSES).sort()).toEqual([
      'account-for-access',
      'configure-business',
      'find-customer',
      'keep-data-accurate',
      'manage-relationship',
      'serve-customer',
    ]);
  });

  it.each(Object.entries(PURPOSES))('%s is one sentence of a record of processing', (_name, sentence) => {
    expect(sentence).toMatch(/^[A-Z][^.]{20,}\.$/);
  });
});
