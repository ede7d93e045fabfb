import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { HttpAnswer } from './http-api/http-answer.ts';

const OWN = join(import.meta.dirname, 'docs');
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** All files of the page. Nothing else is served, and the page loads nothing from other hosts. */
const FILES: Readonly<Record<string, Readonly<{ path: string; type: string }>>> = {
  '/docs': { path: join(OWN, 'index.html'), type: 'text/html; charset=utf-8' },
  '/docs/page.js': { path: join(OWN, 'page.js'), type: 'text/javascript; charset=utf-8' },
  '/docs/swagger-ui.css': { path: join(SWAGGER_UI, 'swagger-ui.css'), type: 'text/css; charset=utf-8' },
  '/docs/swagger-ui-bundle.js': {
    path: join(SWAGGER_UI, 'swagger-ui-bundle.js'),
    type: 'text/javascript; charset=utf-8',
  },
  '/docs/favicon-32x32.png': { path: join(SWAGGER_UI, 'favicon-32x32.png'), type: 'image/png' },
};

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
  const file = FILES[path];
  if (file === undefined) return undefined;
  return {
    status: 200,
    headers: [['content-type', file.type], ...PROTECTIVE_HEADERS],
    body: await readFile(file.path),
  };
};
