import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';

/**
 * The program of the page is a string in the only file of this package. The package that has it as a file of its own
 * brings 284 others, 311 MB in all (docs/decisions/0071-the-docs-page.md).
 */
const PACKAGE = createRequire(import.meta.url).resolve('@scalar/fastify-api-reference');
const PROGRAM = /^var standalone_default = (".*");$/m;

const read = async (): Promise<string> => {
  const literal = PROGRAM.exec(await readFile(PACKAGE, 'utf8'))?.[1];
  const program: unknown = literal === undefined ? undefined : runInNewContext(literal);
  if (typeof program !== 'string') throw new Error(`${PACKAGE} does not hold the docs page as it used to.`);
  return program;
};

let kept: Promise<string> | undefined;

/** The JavaScript of Scalar's API reference, for a browser. */
export const scalarProgram = (): Promise<string> => (kept ??= read());
