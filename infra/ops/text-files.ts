import { createReadStream } from 'node:fs';
import { jsonExcess, mostMembers } from '#lib/contract/json-limits.ts';
import { DEFAULT_BODY_LIMIT_BYTES } from '#lib/contract/route.ts';
import { UsageError } from './command.ts';
import { codeOf } from './private-files.ts';

/** The longest line or CSV row that is read, in characters. */
export const LONGEST_ROW = 1_000_000;

/** Node's code for bytes that are wrong in an encoding. */
const WRONG_BYTES = 'ERR_ENCODING_INVALID_ENCODED_DATA';

/** How to read a file: each piece of its bytes is handed over too; without an encoding, it is UTF-8. */
export type Reading = Readonly<{ onBytes?: ((bytes: Uint8Array) => void) | undefined; encoding?: string }>;

/**
 * The text of a file, in pieces, without its byte order mark.
 * @throws UsageError when it cannot be read, or is not in its encoding
 */
export async function* readText(
  file: string,
  { onBytes = () => undefined, encoding = 'utf-8' }: Reading = {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const bytes of createReadStream(file)) {
      if (!(bytes instanceof Uint8Array)) continue;
      onBytes(bytes);
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    throw new UsageError(
      codeOf(cause) === WRONG_BYTES ? notInEncoding(file, decoder.encoding) : cannotRead(file),
      { cause },
    );
  }
}

/** What to say of a file that is missing or may not be read. */
export const cannotRead = (file: string): string =>
  `Cannot read ${file}. Check its path and that you may read it.`;

const notInEncoding = (file: string, encoding: string): string =>
  `${file} is not ${encoding.toUpperCase()} text. Save it as UTF-8 and try again.`;

/**
 * The lines of a text.
 * @throws UsageError when one is longer than a million characters
 */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_ROW)
      throw new UsageError('A line is longer than a million characters. Check the line breaks of the file.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** A line of an NDJSON file by its number; null when it is not a JSON object, or exceeds what a request may hold. */
export type NdjsonLine = Readonly<{ line: number; object: Readonly<Record<string, unknown>> | null }>;

/**
 * The objects of an NDJSON file, one line at a time. Blank lines are left out but counted.
 * @throws UsageError as readText and linesOf do
 */
export async function* readNdjson(file: string, reading?: Reading): AsyncGenerator<NdjsonLine> {
  let line = 0;
  for await (const text of linesOf(readText(file, reading))) {
    line += 1;
    if (text.trim() === '') continue;
    const value = jsonOrText(text);
    yield { line, object: isObject(value) ? value : null };
  }
}

/** As in the body of a request for one customer. */
const MOST_MEMBERS = mostMembers(DEFAULT_BODY_LIMIT_BYTES);

/** What a text holds as JSON; the text itself when it is not JSON, or exceeds what a request may hold. */
export const jsonOrText = (text: string): unknown => {
  if (jsonExcess(text, MOST_MEMBERS) !== null) return text;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
};

/** Whether a value is a JSON object: neither a list nor null. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
