import { createInterface } from 'node:readline';
import { WRITTEN_STATES } from '#lib/domain/customers/customer-state.ts';
import { UsageError } from '../command.ts';
import { counted, print, printToStderr } from '../terminal.ts';
import { choicesOf, type Column } from './columns.ts';
import type { CsvLayout } from './csv-layout.ts';
import { LAST_NAME_FIRST_RULE, SPLIT_RULE } from './full-name.ts';
import type { Survey } from './survey.ts';

const SEPARATORS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};

const layoutText = ({ headerLine, delimiter, hasTitle }: CsvLayout): string => {
  const separators = SEPARATORS[delimiter] ?? delimiter;
  const header = `Line ${String(headerLine)} has the column names, separated by ${separators}.`;
  if (!hasTitle) return header;
  return `${header} ${headerLine === 2 ? 'The line before it is' : 'The lines before it are'} not imported.`;
};

/** A header comes from the file: control characters in it could write over the terminal. */
const nameOf = ({ name, position }: Column): string => {
  const shown = name.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  return `#${String(position)} ${shown === '' ? '(no name)' : shown}`;
};

const columnLines = ({ found: { table }, contents }: Survey): readonly string[] => {
  const columns = table?.columns ?? [];
  const width = Math.max(...columns.map((column) => nameOf(column).length));
  return columns.map((column, index) => {
    const { shapes = [] } = contents[index] ?? {};
    const values = shapes.length === 0 ? 'no values' : shapes.join(' | ');
    return `  ${nameOf(column).padEnd(width)}  ${(column.field ?? 'left out').padEnd(13)}  ${values}`;
  });
};

const choiceLines = ({ found: { table }, surplus }: Survey): readonly string[] =>
  Array.from(choicesOf(table?.columns ?? [])).flatMap(([field, columns]) => {
    if (columns.length < 2) return [];
    const rows = surplus.get(field) ?? 0;
    const lost =
      rows === 0
        ? ''
        : ` In ${counted(rows, 'line')}, another of them has a different value, which is not imported.`;
    return [
      `${field} is the first of these columns that has a value: ${columns.map(nameOf).join(', ')}.${lost}`,
    ];
  });

const nameLines = (columns: readonly Column[]): readonly string[] => {
  const holds = (field: Column['field']): boolean => columns.some((column) => column.field === field);
  const isSplit = holds('fullName') || holds('lastNameFirst');
  return [
    ...(holds('fullName') ? [`fullName is split. ${SPLIT_RULE}`] : []),
    ...(holds('lastNameFirst') ? [`lastNameFirst is split. ${LAST_NAME_FIRST_RULE}`] : []),
    ...(isSplit && (holds('firstName') || holds('lastName'))
      ? ['It is split only in lines without a value for firstName and lastName.']
      : []),
  ];
};

const stateLines = (columns: readonly Column[]): readonly string[] =>
  columns.some(({ name, field, isMapped }) => field === null && !isMapped && /^state$/iu.test(name))
    ? [`The column State is left out, because none of its values is ${WRITTEN_STATES.join(', ')}.`]
    : [];

/** What an import understood of a file, as lines to print. Values are shown as shapes only. */
export const understandingOf = (survey: Survey): readonly string[] => {
  const { source, detected, table } = survey.found;
  const { encoding, reason } = detected;
  const encodingLine = reason === null ? [] : [`${source.file} is read as ${encoding}, ${reason}.`];
  if (table === null) return encodingLine;
  return [
    ...encodingLine,
    layoutText(table.layout),
    'Each column, the field it is imported as, and the shape of up to three values (9 is a digit, X and x are letters):',
    ...columnLines(survey),
    ...choiceLines(survey),
    ...nameLines(table.columns),
    ...stateLines(table.columns),
  ];
};

const QUESTION = 'Import these columns? Type yes or no: ';

/** Asks until the answer is yes or no. Ctrl-C and the end of the input are a no. */
const isYesOnTerminal = async (): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, prompt: QUESTION });
  try {
    terminal.prompt();
    for await (const answer of terminal) {
      if (/^\s*y(?:es)?\s*$/i.test(answer)) return true;
      if (/^\s*no?\s*$/i.test(answer)) return false;
      terminal.prompt();
    }
    // No answer has ended the line of the question.
    printToStderr('');
    return false;
  } finally {
    terminal.close();
  }
};

/**
 * Prints what was understood of a file. For a CSV, asks whether to go on, unless that was answered by an option.
 * @returns whether to go on
 * @throws UsageError when there is no terminal to ask on
 */
export const confirmUnderstanding = async (survey: Survey, isAnswered: boolean): Promise<boolean> => {
  understandingOf(survey).forEach(print);
  if (isAnswered || survey.found.table === null) return true;
  // Without a terminal on standard error, the question would not be seen.
  if (process.stdin.isTTY && process.stderr.isTTY) return await isYesOnTerminal();
  throw new UsageError(
    'Nothing was imported. Check the columns above. If they are right, run the command again with --yes; ' +
      'if not, change them with --map.',
  );
};
