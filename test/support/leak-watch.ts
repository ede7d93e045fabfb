import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { disguisesIn, KnownValues } from './canaries.ts';

/*
 * The watch of promise 31. A value that a test sends as a name, an email, a phone, a note, a reason or a phrase may
 * come out again only in a successful answer, which is the purpose of the service; who may read it is another promise.
 * Values with fewer than eight characters are not watched, because they appear by chance. Nor are texts that are part
 * of a field name that a test sends, because an unknown field name is repeated in the error.
 */

/** The ways in which something leaves the service. */
const CHANNELS = ['log line', 'metric', 'other output', 'error answer', 'failed task'] as const;
export type Channel = (typeof CHANNELS)[number];
type Totals = Record<Channel | 'personal value' | 'leak', number>;
const noTotals = (): Totals => ({
  'log line': 0,
  metric: 0,
  'other output': 0,
  'error answer': 0,
  'failed task': 0,
  'personal value': 0,
  leak: 0,
});

const known = new KnownValues();
const totals = noTotals();
/** What was written since the last check, each text once. */
let heard = new Map<string, string>();

/** The parts that differ from line to line and cannot be personal. */
const PASSING =
  /"(?:timestamp|durationMs|Timestamp)":(?:"[^"]*"|\d{1,13}\b)|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Learns what a test sends to the service. Its personal values may come out only in a successful answer. */
export const learnPersonal = (given: unknown): void => {
  known.learn(given);
};

/** Learns a request: its body as it is sent, and its query. */
export const learnRequest = (body: unknown, query: Iterable<readonly [string, string]>): void => {
  known.learn(typeof body === 'string' ? parsed(body) : body);
  known.learn(Object.fromEntries(query));
};

/**
 * Records what the service writes or answers.
 * @param what which line or answer it was, in words that hold no value
 */
export const hear = (channel: Channel, text: string, what = ''): void => {
  totals[channel] += 1;
  heard.set(text.replaceAll(PASSING, ''), `${channel} ${what}`.trim());
};

/** Records an answer. Successful ones show what a reader may see; an error must hold no personal value. */
export const hearAnswer = (answer: { status: number; headers: unknown; text: string }): void => {
  if (answer.status < 400) return;
  hear('error answer', `${answer.text}\n${JSON.stringify(answer.headers)}`, String(answer.status));
};

/** Records the error of a failed invocation, as the platform shows it, and throws it. */
export const hearFailure = (error: unknown): never => {
  hear('failed task', error instanceof Error ? `${error.name} ${error.stack ?? ''}` : JSON.stringify(error));
  throw error;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** Records a line that was written. Returns whether the service wrote it, in which case no one else needs it. */
export const hearLine = (line: string): boolean => {
  const entry = line.startsWith('{') ? parsed(line) : undefined;
  if (isObject(entry) && '_aws' in entry) hear('metric', line);
  else if (isObject(entry) && 'message' in entry)
    hear('log line', line, String(entry['message']).slice(0, 40));
  else {
    hear('other output', line);
    return false;
  }
  return true;
};

/** The field that holds a value, if the text is JSON. */
const fieldAt = (text: string, at: number): string =>
  /"([\w-]{1,40})":[^:]*$/.exec(text.slice(0, at))?.[1] ?? 'no field';

/** Every place where a personal value came out since the last check, never the value itself. */
export const takeLeaks = (): string[] => {
  const leaks: string[] = [];
  for (const [text, what] of heard) {
    for (const [disguise, found] of disguisesIn(text)) {
      const at = known.placeIn(found);
      if (at === -1) continue;
      leaks.push(`${what}, ${fieldAt(found, at)}, ${disguise}`);
      break;
    }
  }
  heard = new Map();
  return leaks;
};

/** What is personal in the output of these steps. A test that leaks on purpose uses it, and does not fail. */
export const leaksDuring = async (steps: () => unknown): Promise<string[]> => {
  const before = takeLeaks();
  await steps();
  const leaks = takeLeaks();
  return [...before.map((leak) => `before: ${leak}`), ...leaks];
};

/** Fails the running test if something personal came out. */
export const failOnLeaks = (): void => {
  const leaks = takeLeaks();
  totals.leak += leaks.length;
  if (leaks.length > 0) throw new Error(`Personal data came out:\n${leaks.join('\n')}`);
};

const totalsFile = (): string => join(process.env['TEST_RUN_FOLDER'] ?? '', 'leak-watch');

/** Adds the counts of this file's tests to those of the whole run. */
export const noteTotals = (): void => {
  appendFileSync(totalsFile(), `${JSON.stringify({ ...totals, 'personal value': known.count })}\n`);
};

/** The counts of the run, in one line. */
export const summary = (): string => {
  const files: Totals[] = existsSync(totalsFile())
    ? readFileSync(totalsFile(), 'utf8')
        .trim()
        .split('\n')
        .map((file) => JSON.parse(file))
    : [];
  const sumOf = (what: keyof Totals): string =>
    files.reduce((sum, file) => sum + file[what], 0).toLocaleString('en');
  const watched = CHANNELS.map((channel) => `${sumOf(channel)} x ${channel}`).join(', ');
  return `${sumOf('personal value')} personal values in ${files.length} test files, searched for in ${watched}: ${sumOf('leak')} found`;
};
