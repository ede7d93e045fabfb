import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contract } from '#lib/contract/contract.ts';

/** The use case that the README shows as code: its three files, in the order of reading. */
const EXAMPLE = 'functions/customers/get-customer';
const EXAMPLE_FILES = ['contract.ts', 'get-customer.ts', 'handler.ts'] as const;

type Wings = Readonly<Record<string, readonly Contract[]>>;
type Row = Readonly<[wing: string, useCase: string, door: string, summary: string]>;

const code = (text: string): string => `\`${text}\``;

/** `rate(10 minutes)` as "every 10 minutes", `rate(1 hour)` as "every hour", any other expression as it is. */
const pace = (expression: string): string => {
  const rate = /^rate\((?:1 )?(.+)\)$/.exec(expression)?.[1];
  return rate === undefined ? `on schedule ${code(expression)}` : `every ${rate}`;
};

const doorOf = (contract: Contract): string => {
  switch (contract.kind) {
    case 'route':
      return code(`${contract.method} ${contract.path}`);
    case 'schedule':
      return pace(contract.every);
    case 'operation':
      return 'operation: an operator starts it';
    case 'subscription':
      return `log subscription: ${contract.events.map(code).join(', ')}`;
    case 'queue':
      return `event: ${contract.types.map(code).join(', ')}`;
  }
};

/** A Markdown table in the form that prettier gives it: each column as wide as its widest cell. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const escaped = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(...escaped.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [first = '', ...others] = escaped.map((row) =>
    line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  );
  return [first, line(widths.map((width) => '-'.repeat(width))), ...others].join('\n');
};

/** Every use case by its wing, in the order of the list: its door and its summary. */
export const useCaseTable = (wings: Wings): string =>
  table(
    ['wing', 'use case', 'door', 'what it does'],
    Object.entries(wings).flatMap(([wing, contracts]) =>
      contracts.map((contract, index): Row => {
        const link = index === 0 ? `[${wing}](functions/${wing})` : '';
        return [link, code(contract.name), doorOf(contract), contract.summary];
      }),
    ),
  );

/** The files of the example, each under its path. */
const exampleCode = async (root: string): Promise<string> => {
  const texts = await Promise.all(EXAMPLE_FILES.map((file) => readFile(join(root, EXAMPLE, file), 'utf8')));
  const files = EXAMPLE_FILES.map((file, index) => `// ${EXAMPLE}/${file}\n${texts[index] ?? ''}`);
  return `\`\`\`ts\n${files.join('\n')}\`\`\``;
};

const comment = (text: string): string => `<!-- ${text} -->`;

/**
 * Replaces what stands between the two comments of a section.
 * @throws Error when the comments are missing
 */
export const withSection = (page: string, name: string, text: string): string => {
  const begin = comment(`${name}: begin, written by npm run readme`);
  const end = comment(`${name}: end`);
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`The page needs the lines «${begin}» and «${end}», in this order. Add them.`);
  }
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
};

/**
 * The README with its generated sections written from the sources.
 * @param root the project's folder, which holds the example
 * @throws Error when the comments around a section are missing
 */
export const withGeneratedSections = async (
  readme: string,
  { root, wings }: Readonly<{ root: string; wings: Wings }>,
): Promise<string> => {
  const withExample = withSection(readme, 'one use case', await exampleCode(root));
  return withSection(withExample, 'use cases', useCaseTable(wings));
};
