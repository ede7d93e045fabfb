import { PAGE_FILES } from '#infra/docs/page-files.ts';
import type { HttpAnswer } from './http-api/http-answer.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const FOLDER = '/docs/';
const INDEX = 'index.html';

/** The page loads nothing from elsewhere, and no other page can frame it and have a person click on it unknowingly. */
const PROTECTIVE_HEADERS: HttpAnswer['headers'] = [
  [
    'content-security-policy',
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
      "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  ],
  ['x-frame-options', 'DENY'],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
];

/** The docs page or one of its files; undefined for any other path. */
export const docsAnswer = async (path: string): Promise<HttpAnswer | undefined> => {
  const isPage = `${path}/` === FOLDER;
  if (!isPage && !path.startsWith(FOLDER)) return undefined;
  const name = isPage ? INDEX : path.slice(FOLDER.length);
  const read = Object.hasOwn(PAGE_FILES, name) ? PAGE_FILES[name] : undefined;
  if (read === undefined) return undefined;
  const text = await read();
  return {
    status: 200,
    headers: [['content-type', TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain'], ...PROTECTIVE_HEADERS],
    // The page's own address has no slash at its end.
    body: Buffer.from(name === INDEX ? text.replaceAll('"./', `"${FOLDER}`) : text),
  };
};
