import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GUIDE_SECTIONS, withGuideSections } from '#infra/build/guide-sections.ts';
import { GUIDES, guidesText } from '#infra/docs/guides.ts';
import { PROBLEMS } from '#lib/contract/problem.ts';

const FOLDER = resolve(import.meta.dirname, '../../../docs/guides');
const textOf = (file: string): string => readFileSync(resolve(FOLDER, file), 'utf8');

describe('the guides', () => {
  it.each(GUIDE_SECTIONS)('have the table of $file as the code has it', ({ file }) => {
    const isCurrent = withGuideSections(textOf(file), file) === textOf(file);
    expect(isCurrent ? 'up to date' : `${file} is out of date. Run: npm run readme`).toBe('up to date');
  });

  it('name each code once, with its status', () => {
    const rows = [...textOf('errors.md').matchAll(/^\| (\d{3}) +\| `([\w-]+)` +\| (.+?) +\| (.+?) +\|$/gm)];
    expect(Object.fromEntries(rows.map(([, status, code]) => [code, Number(status)]))).toEqual(
      Object.fromEntries(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status])),
    );
    expect(rows.length).toBe(Object.keys(PROBLEMS).length);
  });

  it('are all on the page, in the order of their list', () => {
    const files = GUIDES.map((name) => `${name}.md`);
    expect(readdirSync(FOLDER).filter((file) => file !== 'README.md')).toEqual(files.toSorted());
    expect([...textOf('README.md').matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file]) => file)).toEqual(files);
  });

  it('link to each other on the page, and to nothing that the page does not have', async () => {
    const text = await guidesText();
    const headings = [...text.matchAll(/^# (.*)$/gm)].map(([, title]) =>
      title!.toLowerCase().replaceAll(' ', '-'),
    );
    const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);
    expect(headings.length).toBe(GUIDES.length);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !headings.some((name) => target === `#description/${name}`))).toEqual(
      [],
    );
    expect(text).not.toContain('<!--');
  });
});
