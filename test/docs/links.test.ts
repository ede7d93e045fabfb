import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const markdownIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`);
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...markdownIn('docs')];

/** A link or a picture, in Markdown or HTML. */
const LINK = /(?:\]\(|src="|href=")([^)"\s]+)/g;
const IS_ELSEWHERE = /^[a-z]+:/;
const withoutCode = (text: string): string =>
  text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');

/** Where a document's links and pictures lead, without those to other hosts. */
const targetsIn = (document: string): string[] =>
  [...withoutCode(readFileSync(join(ROOT, document), 'utf8')).matchAll(LINK)]
    .map(([, target]) => target!)
    .filter((target) => !IS_ELSEWHERE.test(target));

/** The names that headings of a document have in a link. */
const anchorsIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const isThere = (document: string, target: string): boolean => {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(ROOT, document) : join(ROOT, dirname(document), path);
  return existsSync(file) && (anchor === undefined || anchorsIn(file).includes(anchor));
};

describe('links', () => {
  it.each(DOCUMENTS)('of %s lead to files and headings that exist', (document) => {
    expect(targetsIn(document).filter((target) => !isThere(document, target))).toEqual([]);
  });

  it('are found', () => {
    expect(targetsIn('README.md').length).toBeGreaterThan(20);
    expect(targetsIn('README.md')).toContain('docs/docs-page.png');
    expect(isThere('README.md', 'docs/no-such-file.md')).toBe(false);
    expect(isThere('docs/deploy.md', 'access-log.md#no-such-heading')).toBe(false);
  });
});
