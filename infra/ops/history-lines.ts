import type { HistoryLine } from '#lib/domain/histories/newest-lines.ts';
import { isId } from './options.ts';
import { isObject, jsonOrText, linesOf, readText } from './text-files.ts';

/**
 * What a file of log lines holds: the lines about extended histories one by one, or the number of a line that cannot be
 * read.
 */
export type LineRead = Readonly<{ line: HistoryLine }> | Readonly<{ unreadable: number }>;

type Fields = Readonly<Record<string, unknown>>;
const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * Reads log lines as a function wrote them, or as CloudWatch Logs gives them: exported, with a time before each line, or
 * as events of `aws logs filter-log-events`, one or all in a document. Lines about anything else are left out. In a
 * document, the numbers are those of its events.
 * @throws UsageError when the file cannot be read
 */
export async function* readHistoryLines(file: string): AsyncGenerator<LineRead> {
  let number = 0;
  for await (const text of recordsIn(file)) {
    number += 1;
    if (text.trim() === '') continue;
    const entry = entryIn(text);
    const line = entry === null ? 'unreadable' : lineIn(entry);
    if (line !== null) yield line === 'unreadable' ? { unreadable: number } : { line };
  }
}

const EVENT = 'history-extended';
/** How the answer of `aws logs filter-log-events` begins. */
const DOCUMENT = /^\s*\{\s*"(?:events|searchedLogStreams)"/;
const UNREADABLE = 'an event without a message';

/** The lines of a file, or the messages of the events if the file is one document. */
async function* recordsIn(file: string): AsyncGenerator<string> {
  if (!DOCUMENT.test(await beginningOf(file))) {
    yield* linesOf(readText(file));
    return;
  }
  let text = '';
  for await (const piece of readText(file)) text += piece;
  for (const event of eventsIn(text)) {
    const message = isObject(event) ? event['message'] : null;
    if (!isText(message)) yield UNREADABLE;
    // A function's own log also has lines of the platform that are no JSON.
    else yield message.includes(EVENT) ? message : '';
  }
}

const beginningOf = async (file: string): Promise<string> => {
  for await (const piece of readText(file)) return piece.slice(0, 1_000);
  return '';
};

/** The events of a document, which may be many. A text that is no document counts as one event. */
const eventsIn = (text: string): readonly unknown[] => {
  try {
    const document: unknown = JSON.parse(text);
    return isObject(document) && Array.isArray(document['events']) ? document['events'] : [null];
  } catch {
    return [null];
  }
};

/** The log entry in a text. What is before and after the object, such as a time, does not matter. */
const entryIn = (text: string): Fields | null => {
  const object = jsonOrText(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  if (!isObject(object)) return null;
  const { message } = object;
  // An event of CloudWatch Logs. A message that is not an entry of ours is about something else.
  return isText(message) && message.includes('{') ? (entryIn(message) ?? {}) : object;
};

const HEAD = /^[0-9a-f]{64}$/;

const lineIn = (entry: Fields): HistoryLine | 'unreadable' | null => {
  const { message, business, customer, number, head, keyIds } = entry;
  if (message !== EVENT) return null;
  const areIds = isText(business) && isId(business) && isText(customer) && isId(customer);
  const isNumber = typeof number === 'number' && Number.isSafeInteger(number) && number > 0;
  const isHead = isText(head) && HEAD.test(head) && Array.isArray(keyIds) && keyIds.every(isText);
  return areIds && isNumber && isHead
    ? { businessId: business, customerId: customer, number, head, keyIds }
    : 'unreadable';
};
