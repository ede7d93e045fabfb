import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DECISIONS = resolve(import.meta.dirname, '../../docs/decisions');
const list = readFileSync(join(DECISIONS, 'README.md'), 'utf8');
const files = readdirSync(DECISIONS)
  .filter((file) => file !== 'README.md')
  .sort();
const listed = [...list.matchAll(/^- \[(\d{4})\]\(([^)]+)\): .+/gm)];

describe('the list of decisions', () => {
  it('has one line for each file, in order', () => {
    expect(listed.map(([, , file]) => file)).toEqual(files);
  });

  it('names each by its number', () => {
    expect(listed.map(([, number]) => number)).toEqual(files.map((file) => file.slice(0, 4)));
  });

  it('names every number that has no file', () => {
    const numbers = files.map((file) => Number(file.slice(0, 4)));
    const upToLast = Array.from({ length: Math.max(...numbers) }, (_, index) => index + 1);
    const without = upToLast.filter((number) => !numbers.includes(number));
    const sentence = /^No file has the numbers? ([\d, and\n]+)/m.exec(list)?.[1] ?? '';
    expect((sentence.match(/\d{4}/g) ?? []).map(Number)).toEqual(without);
  });
});
