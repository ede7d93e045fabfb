import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { UsageError } from '../command.ts';
import { cannotRead } from '../text-files.ts';
import { codePageOf } from './code-pages.ts';

/** The encodings that an import can read, by their names in the WHATWG standard, as TextDecoder knows them. */
export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The encoding of a file, and why: `utf-8` needs no reason, the others name one. */
export type DetectedEncoding = Readonly<{ encoding: Encoding; reason: string | null }>;

/** The most bytes that code pages are compared by: lines that are not ASCII, and the first line that is not blank. */
const SAMPLE_BYTES = 200_000;
/** So many bytes tell UTF-16. */
const START_BYTES = 1_000;
const LF = 0x0a;
const CR = 0x0d;

/** Where a file stops being UTF-8, and lines to tell its code page by. A null line: it is UTF-8 to its end. */
type Scan = Readonly<{ start: Uint8Array; badLine: number | null; sample: Buffer }>;

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of createReadStream(file)) if (bytes instanceof Uint8Array) yield bytes;
  } catch (cause) {
    throw new UsageError(cannotRead(file), { cause });
  }
}

/** The lines of a file as bytes. No byte of a character in UTF-8 or a code page is a line break. */
async function* byteLines(file: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunksOf(file)) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    // A carriage return at the end may be half of a line break: the next chunk decides.
    for (let at = 0; at < bytes.length - 1; at += 1) {
      const byte = bytes[at];
      if (byte !== LF && (byte !== CR || bytes[at + 1] === LF)) continue;
      yield bytes.subarray(from, at + 1);
      from = at + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) yield rest;
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

const scan = async (file: string): Promise<Scan> => {
  const sample: Buffer[] = [];
  let [sampled, line]: [number, number] = [0, 0];
  let badLine: number | null = null;
  let start = new Uint8Array();
  for await (const bytes of byteLines(file)) {
    line += 1;
    if (start.length < START_BYTES) start = Buffer.concat([start, bytes]).subarray(0, START_BYTES);
    if (badLine === null && !isUtf8(bytes)) badLine = line;
    if (sampled < SAMPLE_BYTES && !isAscii(bytes)) {
      sample.push(bytes);
      sampled += bytes.length;
    }
  }
  return { start, badLine, sample: Buffer.concat(sample) };
};

/** Alphabets up to Hebrew and Arabic are in the first rows of Unicode. In another encoding, so small bytes are control characters. */
const LAST_ROW = 0x06;
/** The share of characters that must be in these rows. Others are signs, such as dashes. */
const MOST_CHARACTERS = 0.7;

/** The UTF-16 that the start of a file shows: by a byte order mark, or because every other byte is a small one. */
const utf16Of = (start: Uint8Array): Encoding | null => {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const isHigh = (parity: number): boolean => {
    const bytes = start.filter((_, at) => at % 2 === parity);
    return (
      bytes.length > 1 && bytes.filter((byte) => byte <= LAST_ROW).length >= bytes.length * MOST_CHARACTERS
    );
  };
  if (isHigh(1)) return isHigh(0) ? null : 'utf-16le';
  return isHigh(0) ? 'utf-16be' : null;
};

const notUtf8 = (file: string, line: number): string =>
  `${file} is not UTF-8 text from line ${String(line)} on, and its encoding is not clear. Save it as UTF-8 (in Excel: File, ` +
  `Save As, "CSV UTF-8") and try again, or name its encoding: --encoding windows-1250 for Central European letters, ` +
  `windows-1251 for Cyrillic ones, windows-1252 for Western European ones.`;

/**
 * Detects the encoding of a file. It reads the whole file.
 * @param named the encoding that the operator named; it is taken unless it is UTF-8 and the file is not
 * @throws UsageError when the file cannot be read or its encoding is not clear; the message names the first line that is not UTF-8
 */
export const detectEncoding = async (file: string, named?: Encoding): Promise<DetectedEncoding> => {
  if (named !== undefined && named !== 'utf-8') return { encoding: named, reason: 'as --encoding says' };
  const { start, badLine, sample } = await scan(file);
  const utf16 = named === undefined ? utf16Of(start) : null;
  if (utf16 !== null) return { encoding: utf16, reason: 'found by its first bytes' };
  if (badLine === null) return { encoding: 'utf-8', reason: null };
  const codePage = named === undefined ? codePageOf(sample) : null;
  if (codePage === null) throw new UsageError(notUtf8(file, badLine));
  return {
    encoding: codePage,
    reason: `found by its letters; it is not UTF-8 from line ${String(badLine)} on`,
  };
};
