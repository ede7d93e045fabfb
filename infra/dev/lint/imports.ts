import { dirname, relative, resolve, sep } from 'node:path';
import type { Rule } from 'eslint';

/** The aliases of package.json, each the folder of the same name. */
const ALIAS = /^#(?=(?:functions|infra|lib|test)\/)/;

/** The file that is being checked, from the project's root. */
export const nameOf = ({ cwd, filename }: Rule.RuleContext): string =>
  relative(cwd, filename).split(sep).join('/');

/** The imported file from the project's root; null when it is a package or no text. */
export const importedFile = (source: unknown, importer: string): string | null => {
  if (typeof source !== 'string') return null;
  if (ALIAS.test(source)) return source.slice(1);
  if (!source.startsWith('.')) return null;
  return relative('.', resolve(dirname(importer), source))
    .split(sep)
    .join('/');
};

/** `import type …` or `{ type … }`; ESLint's own types do not know TypeScript's. */
export const isTypeOnly = (node: object): boolean =>
  ('importKind' in node && node.importKind === 'type') ||
  ('exportKind' in node && node.exportKind === 'type');
