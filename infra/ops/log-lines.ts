import { isObject, jsonOrText, linesOf, readText } from './text-files.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A line of a log by its number: what it holds; null when it cannot be read. */
export type LogLine = Readonly<{ number: number; entry: Fields | null }>;

const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * Reads log lines as a function wrote them, or as CloudWatch Logs gives them: exported, with a time before each line, or
 * as events of `aws logs filter-log-events`, one or all in a document. Blank lines are left out. In a document, the numbers
 * are those of its events, and events that do not mention `event` are left out: a function's own log also has lines of the
 * platform that are no JSON.
 * @throws UsageError when the file cannot be read
 */
export async function* readLogLines(file: string, event: string): AsyncGenerator<LogLine> {
  let number = 0;
  for await (const text of recordsIn(file, event)) {
    number += 1;
    if (text.trim() !== '') yield { number, entry: entryIn(text) };
  }
}

/** How the answer of `aws logs filter-log-events` begins. */
const DOCUMENT = /^\s*\{\s*"(?:events|searchedLogStreams)"/;
const UNREADABLE = 'an event without a message';

/** The lines of a file, or the messages of the events if the file is one document. */
async function* recordsIn(file: string, event: string): AsyncGenerator<string> {
  if (!DOCUMENT.test(await beginningOf(file))) {
    yield* linesOf(readText(file));
    return;
  }
  let text = '';
  for await (const piece of readText(file)) text += piece;
  for (const one of eventsIn(text)) {
    const message = isObject(one) ? one['message'] : null;
    if (!isText(message)) yield UNREADABLE;
    else yield message.includes(event) ? message : '';
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
