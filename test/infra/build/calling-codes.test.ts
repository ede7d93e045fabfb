import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TABLE_FILE, withCurrentTable } from '#infra/build/calling-codes.ts';

describe('the table of calling codes', () => {
  it('is the one that the phone library gives now: npm run calling-codes makes it', () => {
    const file = readFileSync(TABLE_FILE, 'utf8');
    expect(withCurrentTable(file)).toBe(file);
  });
});
