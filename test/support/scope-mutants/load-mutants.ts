import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { Types } from 'mongoose';
import type { Edit } from './predicates.ts';

// Loaded before a program that acts as a Lambda environment. A handler that is imported with `?mutant=` loads every file
// of the store, and every file that uses the store, again with the edits that the query names.
const { FOREIGN_BUSINESS = '' } = process.env;
Object.assign(globalThis, { foreignBusiness: Types.ObjectId.createFromHexString(FOREIGN_BUSINESS) });

const root = join(import.meta.dirname, '../../..');
/** Whether a file imports the store or is part of it; other files hold nothing that a mutant could change. */
const LOADED_ANEW = /\/(lib\/(store|serve)|functions|infra\/ops|test\/support\/scope-mutants)\/[^?]*\.ts$/;

const queryOf = (url: string | undefined): string =>
  url?.startsWith('file:') === true ? new URL(url).search : '';

const edited = (path: string, edits: readonly Edit[]): string =>
  edits
    .filter(({ file }) => join(root, file) === path)
    .sort((one, other) => other.start - one.start)
    .reduce(
      (source, { start, end, text }) => source.slice(0, start) + text + source.slice(end),
      readFileSync(path, 'utf8'),
    );

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    const query = queryOf(context.parentURL);
    return LOADED_ANEW.test(resolved.url) ? { ...resolved, url: `${resolved.url}${query}` } : resolved;
  },
  load: (url, context, next) => {
    const { searchParams, pathname } = new URL(url);
    const mutant = searchParams.get('mutant');
    if (mutant === null) return next(url, context);
    const source = stripTypeScriptTypes(edited(decodeURIComponent(pathname), JSON.parse(mutant) as Edit[]));
    return { format: 'module', source, shortCircuit: true };
  },
});
