import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../../docs/guides');

/** The guides in the order of reading. Each is a file of docs/guides. */
export const GUIDES = [
  'first-call',
  'authorization',
  'businesses-and-roles',
  'errors',
  'pages-and-cursors',
  'sync',
  'idempotency',
  'versions',
  'rate-limits',
] as const;

/** The name that the page gives a heading. */
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

const titleOf = (text: string): string => /^# (.*)$/m.exec(text)?.[1] ?? '';

/** Links between guides lead to headings of the page. */
const withLinksInside = (text: string, titles: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\]\(([\w-]+)\.md\)/g, (link, name: string) => {
    const title = titles.get(name);
    return title === undefined ? link : `](#description/${slugOf(title)})`;
  });

/** All guides as one text for the page, without the comments around what `npm run readme` writes. */
export const guidesText = async (): Promise<string> => {
  const texts = await Promise.all(GUIDES.map((name) => readFile(join(FOLDER, `${name}.md`), 'utf8')));
  const titles = new Map(GUIDES.map((name, index) => [name, titleOf(texts[index] ?? '')]));
  return withLinksInside(texts.join('\n').replaceAll(/<!--.*?-->\n*/g, ''), titles);
};
