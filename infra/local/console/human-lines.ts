import { styleText } from 'node:util';
import { isObject, type JsonObject, listAt, numberAt, parseJson, textAt } from '../json.ts';
import type { AnsweredRequest } from './answered-request.ts';

/** How a text is coloured on the terminal; `undefined` leaves it as it is. */
type Colour = 'green' | 'cyan' | 'yellow' | 'red' | 'dim';

/** `styleText` colours only what goes to a terminal that has colours, and obeys NO_COLOR and FORCE_COLOR. */
const inColour = (colour: Colour, text: string): string =>
  styleText(colour, text, { stream: process.stdout });

const GAP = '  ';
const joined = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(GAP);

/** The name of a function without that of its stack. */
export const shortName = (name: string): string => name.slice(name.indexOf('-') + 1);

const colourOf = (status: number): Colour => {
  if (status >= 500) return 'red';
  if (status >= 400) return 'yellow';
  return status >= 300 ? 'cyan' : 'green';
};

const ms = (durationMs: number | undefined): string | undefined =>
  durationMs === undefined ? undefined : inColour('dim', `${String(Math.round(durationMs))} ms`);

/** `GET /api/v1/customer/paged  200  138 ms  find-customers` */
export const requestLine = (request: AnsweredRequest): string => {
  const { method, path, status, problem, durationMs, functionName } = request;
  const outcome = [String(status), problem].filter(Boolean).join(' ');
  return joined([
    `${method} ${path}`,
    inColour(colourOf(status), outcome),
    ms(durationMs),
    functionName === undefined ? undefined : inColour('dim', shortName(functionName)),
  ]);
};

type Told = Readonly<{ what: string; outcome: string; colour: Colour }>;

const toldLine = ({ what, outcome, colour }: Told, fields: JsonObject, name: string): string =>
  joined([
    what,
    inColour(colour, outcome),
    ms(numberAt(fields, 'durationMs')),
    inColour('dim', shortName(name)),
  ]);

/** Functions that were built because a file of theirs was saved. */
export type Built = Readonly<{ names: readonly string[]; durationMs: number }>;

const MOST_NAMES = 3;

const listOf = (names: readonly string[]): string => {
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return more > 0 ? `${shown} and ${String(more)} other${more === 1 ? '' : 's'}` : shown;
};

/** `built  create-customer, change-customer, delete-customer and 12 others  340 ms` */
export const builtLine = ({ names, durationMs }: Built): string =>
  joined([inColour('green', 'built'), listOf(names), ms(durationMs)]);

/** `broken  lib/a.ts:1:2: Unexpected "}"` */
export const brokenLine = (reason: string): string =>
  joined([inColour('red', 'broken'), reason, inColour('dim', 'what it is part of runs on as before')]);

const framesOf = (lines: readonly string[]): string =>
  lines
    .filter((line) => /^\s*at /.test(line))
    .map((line) => `\n${inColour('dim', line)}`)
    .join('');

/** A fault by its name and place: the message of an error may quote what a person entered. */
const faultLine = (fields: JsonObject, name: string): string => {
  const parts = ['error', 'code', 'cause'].map((key) => textAt(fields, key)).filter(Boolean);
  const event = textAt(fields, 'message') ?? '';
  const outcome = [event, ...parts].join(' ');
  const line = toldLine({ what: 'fault', outcome, colour: 'red' }, fields, name);
  return line + framesOf((textAt(fields, 'frames') ?? '').split('\n'));
};

const AGAIN = 'comes again';

const messageFailed = (fields: JsonObject): Told => {
  const code = textAt(fields, 'code') ?? 'failed';
  return {
    what: 'message',
    outcome: `failed ${code}, receive ${String(numberAt(fields, 'receives') ?? 1)}, ${AGAIN}`,
    colour: 'red',
  };
};

const EVENTS: Readonly<Record<string, (fields: JsonObject) => Told>> = {
  'event-handled': (fields) => ({
    ...{ what: 'message', outcome: textAt(fields, 'outcome') ?? 'handled', colour: 'green' },
  }),
  'event-failed': messageFailed,
  'task-finished': () => ({ what: 'task', outcome: 'finished', colour: 'green' }),
};

const jsonLine = (fields: JsonObject, name: string): string | undefined => {
  const told = EVENTS[textAt(fields, 'message') ?? '']?.(fields);
  if (told !== undefined) return toldLine(told, fields, name);
  const { level } = fields;
  return level === 'ERROR' || level === 'WARN' ? faultLine(fields, name) : undefined;
};

const FAILED = 'Invoke Error ';

/** How the platform says that an invocation failed. Its own sentences hold no value; those of an error may. */
const failureLine = (text: string, name: string): string => {
  const error = objectIn(text.slice(FAILED.length)) ?? {};
  const type = textAt(error, 'errorType') ?? 'Error';
  const isPlatform = /^(?:Runtime|Sandbox|Function)\./.test(type);
  const outcome = isPlatform ? `${type}: ${textAt(error, 'errorMessage') ?? ''}` : type;
  const line = toldLine({ what: 'failed', outcome, colour: 'red' }, {}, name);
  return line + framesOf(listAt(error, 'trace').map(String));
};

const objectIn = (text: string): JsonObject | undefined => {
  if (!text.startsWith('{')) return undefined;
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/**
 * What a line of a function says to a person: a message that was handled or failed, a task, a fault. Undefined for all
 * other lines.
 */
export const functionLine = (name: string, text: string): string | undefined => {
  if (text.startsWith(FAILED)) return failureLine(text, name);
  if (text.startsWith('Debugger listening on ')) return joined([text, inColour('dim', shortName(name))]);
  const fields = objectIn(text);
  return fields === undefined ? undefined : jsonLine(fields, name);
};

/** A line of a function as it is, after the function's name. */
export const rawLine = (name: string, text: string): string =>
  `${inColour('dim', shortName(name))}${GAP}${text}`;

/** Whether a line is a JSON object. */
export const isJsonLine = (text: string): boolean => objectIn(text) !== undefined;
