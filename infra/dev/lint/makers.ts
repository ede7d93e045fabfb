import { matchesGlob } from 'node:path';
import type { Rule } from 'eslint';
import { importedFile, isTypeOnly, nameOf } from './imports.ts';

type Maker = Readonly<{ makes: string; from: string; onlyIn: readonly string[]; otherwise: string }>;

/** What only certain files may make. All other files take one as a parameter, and import no more than its type. */
export const MAKERS: readonly Maker[] = [
  {
    makes: 'BusinessScope',
    from: 'lib/domain/access/scope.ts',
    onlyIn: [
      'lib/serve/request/permit.ts',
      'lib/serve/serve-queue.ts',
      'lib/serve/serve-unsubscribe.ts',
      'infra/ops/business-scope.ts',
      'test/**',
    ],
    otherwise:
      'A scope comes from verified claims, an event of the bus or a signed link: take the one that permit, serveQueue or serveUnsubscribe made.',
  },
  {
    makes: 'SystemScope',
    from: 'lib/domain/access/scope.ts',
    onlyIn: ['lib/serve/serve-task.ts', 'infra/ops/run-task.ts', 'test/**'],
    otherwise: 'A system scope comes with a task: take the one that serveTask made.',
  },
  {
    makes: 'CallerScope',
    from: 'lib/domain/access/scope.ts',
    onlyIn: ['lib/serve/limits/refusal-limiter.ts', 'lib/serve/limits/link-limiter.ts', 'test/**'],
    otherwise:
      'A caller scope comes with a refused call, or with a link: only the limiters of both make one.',
  },
];

/** Reports a file that imports what only another file may make, by its name or with the whole module. */
export const makers: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { forbidden: '{{file}} may not make a {{makes}}. {{otherwise}}' },
  },
  create(context) {
    const file = nameOf(context);
    const check = (node: Rule.Node, source: unknown, names: (name: string) => boolean): void => {
      if (isTypeOnly(node)) return;
      for (const { makes, from, onlyIn, otherwise } of MAKERS) {
        if (importedFile(source, file) !== from || onlyIn.some((pattern) => matchesGlob(file, pattern)))
          continue;
        if (names(makes)) context.report({ node, messageId: 'forbidden', data: { file, makes, otherwise } });
      }
    };
    return {
      ImportDeclaration: (node) => {
        const values = node.specifiers.filter((specifier) => !isTypeOnly(specifier));
        check(node, node.source.value, (name) =>
          values.some(
            (specifier) => specifier.type !== 'ImportSpecifier' || isNamed(specifier.imported, name),
          ),
        );
      },
      ExportNamedDeclaration: (node) => {
        const values = node.specifiers.filter((specifier) => !isTypeOnly(specifier));
        check(node, node.source?.value, (name) => values.some(({ local }) => isNamed(local, name)));
      },
      ImportExpression: (node) => {
        check(node, node.source.type === 'Literal' ? node.source.value : null, () => true);
      },
    };
  },
};

/** A name in an import, which may be written as a string. */
const isNamed = (written: object, name: string): boolean =>
  ('name' in written && written.name === name) || ('value' in written && written.value === name);
