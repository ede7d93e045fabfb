import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guidesText } from './guides.ts';
import { scalarProgram } from './scalar.ts';

const PAGE = join(import.meta.dirname, 'page');

/** What the page shows. Without a contract it asks the service that it comes from. */
export type Content = Readonly<{ guides: string; contract?: object }>;

/** A script that has the content: a page from a disk may fetch nothing. */
export const contentScript = (content: Content): string =>
  `globalThis.content = ${JSON.stringify(content).replaceAll('<', '\\u003c')};\n`;

const own = (name: string) => (): Promise<string> => readFile(join(PAGE, name), 'utf8');

/** Every file of the page, and what reads it. */
export const PAGE_FILES: Readonly<Record<string, () => Promise<string>>> = {
  'index.html': own('index.html'),
  'page.css': own('page.css'),
  'favicon.svg': own('favicon.svg'),
  'settings.js': own('settings.js'),
  'content.js': async () => contentScript({ guides: await guidesText() }),
  'scalar.js': scalarProgram,
  'code-samples.js': own('code-samples.js'),
  'demo.js': own('demo.js'),
  'fill-in.js': own('fill-in.js'),
  'page.js': own('page.js'),
};
