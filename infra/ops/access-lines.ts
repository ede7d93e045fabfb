import { UsageError } from './command.ts';
import { readLogLines } from './log-lines.ts';

/** One access to customers of a business, as a line of the access log says. */
export type Access = Readonly<{
  at: string;
  requestId: string;
  business: string;
  /** Missing when the token named none. */
  role: string | null;
  actor: string | null;
  purpose: string;
  useCase: string;
  fields: readonly string[];
  customers: readonly string[];
  /** Of an export of a whole business, which does not list its customers. */
  isOfAll: boolean;
}>;

const EVENT = 'customer-accessed';

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

type Texts<K extends string> = Readonly<Record<K, unknown>>;
const areTexts = <K extends string>(values: Texts<K>): values is Readonly<Record<K, string>> =>
  Object.values(values).every(isText);

/**
 * Reads the accesses in a file of log lines. Lines about anything else are left out.
 * @throws UsageError when the file cannot be read, or a line in it: the message names its number
 */
export async function* readAccesses(file: string): AsyncGenerator<Access> {
  for await (const { number, entry } of readLogLines(file, EVENT)) {
    const access = entry === null ? 'unreadable' : accessIn(entry);
    if (access === 'unreadable')
      throw new UsageError(
        `Line ${String(number)} of ${file} is not a line of the access log. Correct or remove it, and try again.`,
      );
    if (access !== null) yield access;
  }
}

const accessIn = (entry: Readonly<Record<string, unknown>>): Access | 'unreadable' | null => {
  const {
    message,
    timestamp,
    requestId,
    business,
    role,
    actor,
    purpose,
    useCase,
    outcome,
    fields,
    customers,
  } = entry;
  if (message !== EVENT) return null;
  const texts = { timestamp, requestId, business, purpose, useCase };
  if (!areTexts(texts) || !isText(outcome) || !isTexts(fields) || !isTexts(customers)) return 'unreadable';
  return {
    ...{ at: texts.timestamp, requestId: texts.requestId, business: texts.business, purpose: texts.purpose },
    ...{ useCase: texts.useCase, fields, customers },
    role: isText(role) ? role : null,
    actor: isText(actor) ? actor : null,
    isOfAll: outcome === 'exported' && customers.length === 0,
  };
};
