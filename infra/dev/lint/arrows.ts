import { dirname, matchesGlob } from 'node:path';
import type { Rule } from 'eslint';
import { importedFile, isTypeOnly, nameOf } from './imports.ts';
import { ROOMS } from './rooms.ts';

/** Reports every import that the importing file's row in the table of rooms does not name. */
export const arrows: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { forbidden: '{{file}} may not import {{target}}. {{otherwise}}' },
  },
  create(context) {
    const file = nameOf(context);
    const room = ROOMS.findLast(({ files }) => matchesGlob(file, files));
    if (room === undefined) return {};
    const { mayImport, mayImportTypes = [], mayNotImport = [], otherwise } = room;

    const check = (source: unknown, node: Rule.Node): void => {
      if (typeof source !== 'string') return;
      const target = importedFile(source, file);
      if (target !== null && dirname(target) === dirname(file)) return;
      const isRefused = mayNotImport.some((pattern) => matchesGlob(target ?? source, pattern));
      const allowed = isTypeOnly(node) ? [...mayImport, ...mayImportTypes] : mayImport;
      if (!isRefused && allowed.some((pattern) => matchesGlob(target ?? source, pattern))) return;
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
