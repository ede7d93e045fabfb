import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { check } from 'prettier';
import { withPlaces } from '#infra/ops/privacy-docs.ts';
import { placesTable, processingRecord } from '#infra/ops/processing-record.ts';
import { PURPOSES } from '#lib/domain/access/purpose.ts';
import { collections } from '#lib/store/collections/collections.ts';

const fileOf = (name: string): string => resolve(import.meta.dirname, '../../docs', name);
const read = (name: string): string => readFileSync(fileOf(name), 'utf8');
const OUTDATED = 'out of date. Run: npm run readme';

describe('docs/processing.md', () => {
  it('is what the code says', () => {
    expect(read('processing.md') === processingRecord() ? 'current' : OUTDATED).toBe('current');
  });

  it('lists every purpose with its use cases, and every collection with data of a person', () => {
    for (const purpose of Object.keys(PURPOSES)) expect(read('processing.md')).toContain(`| \`${purpose}\``);
    expect(read('processing.md')).toMatch(/`honour-privacy-rights` .*legal-obligation.*`export-customer`/);
    for (const [name, { person }] of Object.entries(collections))
      expect([name, placesTable().includes(`| \`${name}\``)]).toEqual([
        name,
        person !== null || name === 'suppression',
      ]);
  });
});

describe('docs/privacy.md', () => {
  it('has the table of places as the collections say it', () => {
    expect(withPlaces(read('privacy.md')) === read('privacy.md') ? 'current' : OUTDATED).toBe('current');
  });

  it('needs the two comments around the table', () => {
    expect(() => withPlaces('# Privacy')).toThrow('docs/privacy.md needs the lines');
  });
});

it.each(['processing.md', 'privacy.md'])('docs/%s is written as the formatter asks for', async (name) => {
  expect(await check(read(name), { filepath: fileOf(name), singleQuote: true, printWidth: 110 })).toBe(true);
});
