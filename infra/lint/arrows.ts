import { dirname, matchesGlob, relative, resolve, sep } from 'node:path';
import type { Rule } from 'eslint';
import { ROOMS } from './rooms.ts';

/** The aliases of package.json, each the folder of the same name. */
const ALIAS = /^#(?=(?:functions|infra|lib|test)\/)/;

/** Reports every import that the importing file's row in the table of rooms does not name. */
export const arrows: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { forbidden: '{{file}} may not import {{target}}. {{otherwise}}' },
  },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    const room = ROOMS.findLast(({ files }) => matchesGlob(file, files));
    if (room === undefined) return {};
    const { mayImport, mayImportTypes = [], otherwise } = room;

    const check = (source: unknown, node: Rule.Node): void => {
      if (typeof source !== 'string') return;
      const target = fileOf(source, file);
      if (target !== null && dirname(target) === dirname(file)) return;
      const allowed = isTypeOnly(node) ? [...mayImport, ...mayImportTypes] : mayImport;
      if (allowed.some((pattern) => matchesGlob(target ?? source, pattern))) return;
      context.report({ node, messageId: 'forbidden', data: { file, target: target ?? source, otherwise } });
    };
    return {
      ImportDeclaration: (node) => {
        check(node.source.value, node);
      },
      ExportNamedDeclaration: (node) => {
        check(node.source?.value, node);
      },
      ImportExpression: (node) => {
        check(node.source.type === 'Literal' ? node.source.value : 'a computed path', node);
      },
    };
  },
};

/** The imported file from the project's root; null when it is a package. */
const fileOf = (source: string, importer: string): string | null => {
  if (ALIAS.test(source)) return source.slice(1);
  if (!source.startsWith('.')) return null;
  return relative('.', resolve(dirname(importer), source))
    .split(sep)
    .join('/');
};

/** `import type …`; ESLint's own types do not know TypeScript's. */
const isTypeOnly = (node: object): boolean =>
  ('importKind' in node && node.importKind === 'type') ||
  ('exportKind' in node && node.exportKind === 'type');
