import { describe, expect, it } from '@jest/globals';
import { PURPOSES } from '#lib/domain/access/purpose.ts';

describe('the purposes', () => {
  it('are a closed list', () => {
    expect(Object.keys(PURPOSES).sort()).toEqual([
      'account-for-access',
      'configure-business',
      'find-customer',
      'hand-over-records',
      'honour-privacy-rights',
      'keep-data-accurate',
      'keep-for-law',
      'manage-relationship',
      'plan-business',
      'record-consent',
      'send-messages',
      'serve-customer',
      'serve-order',
      'take-over-records',
    ]);
  });

  it.each(Object.entries(PURPOSES))('%s is one sentence of a record of processing', (_name, sentence) => {
    expect(sentence).toMatch(/^[A-Z][^.]{20,}\.$/);
  });
});
