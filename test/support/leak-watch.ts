import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { disguisesIn, KnownValues } from './canaries.ts';

/*
 * The watch of promise 31. Whatever a test hands over as a name, an email, a phone, a note, a reason or a phrase may
 * come out again in an answer of success only: that is what the service is for, and who may read what is another
 * promise. Nobody is watched for what has fewer than eight characters, which turns up by chance, nor for a text that is
 * in the name of a field that a test sends too: a name that no contract knows is told back.
 */

/** By which way something leaves the service. */
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
/** What was heard since the last look, each text once. */
let heard = new Map<string, string>();

/** What differs from one line to the next and cannot be personal. */
const PASSING =
  /"(?:timestamp|durationMs|Timestamp)":(?:"[^"]*"|\d{1,13}\b)|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Takes what a test hands to the service: its personal values may come out nowhere but in an answer of success. */
export const learnPersonal = (given: unknown): void => {
  known.learn(given);
};

/** Takes a request: its body as it is sent, and its query. */
export const learnRequest = (body: unknown, query: Iterable<readonly [string, string]>): void => {
  known.learn(typeof body === 'string' ? parsed(body) : body);
  known.learn(Object.fromEntries(query));
};

/**
 * Takes what the service lets out.
 * @param what which line or answer it was, in words that hold no value
 */
export const hear = (channel: Channel, text: string, what = ''): void => {
  totals[channel] += 1;
  heard.set(text.replaceAll(PASSING, ''), `${channel} ${what}`.trim());
};

/** Takes an answer. What a reader may see is in those of success; an error must hold nothing of it. */
export const hearAnswer = (answer: { status: number; headers: unknown; text: string }): void => {
  if (answer.status < 400) return;
  hear('error answer', `${answer.text}\n${JSON.stringify(answer.headers)}`, String(answer.status));
};

/** Takes what failed an invocation, as the platform shows it, and fails by it. */
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

/** Takes a line that was written; tells whether it is the service's own, which nobody else has to read. */
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

/** The field that a value stands in, if it is JSON. */
const fieldAt = (text: string, at: number): string =>
  /"([\w-]{1,40})":[^:]*$/.exec(text.slice(0, at))?.[1] ?? 'no field';

/** Everything personal that came out since the last look: where, and never what. */
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

/** What steps let out that is personal; a test that plants it takes it so, and does not fail by it. */
export const leaksDuring = async (steps: () => unknown): Promise<string[]> => {
  const before = takeLeaks();
  await steps();
  const leaks = takeLeaks();
  return [...before.map((leak) => `before: ${leak}`), ...leaks];
};

/** Fails the test that is running if something personal came out. */
export const failOnLeaks = (): void => {
  const leaks = takeLeaks();
  totals.leak += leaks.length;
  if (leaks.length > 0) throw new Error(`Personal data came out:\n${leaks.join('\n')}`);
};

const totalsFile = (): string => join(process.env['TEST_RUN_FOLDER'] ?? '', 'leak-watch');

/** Adds what this file's tests heard to what the whole run did. */
export const noteTotals = (): void => {
  appendFileSync(totalsFile(), `${JSON.stringify({ ...totals, 'personal value': known.count })}\n`);
};

/** What the run heard, in one line. */
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
  return `${sumOf('personal value')} personal values in ${files.length} test files, watched for in ${watched}: ${sumOf('leak')} found`;
};
