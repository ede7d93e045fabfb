import { LogFormatter, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { ACCESS_EVENTS, type FieldKind, HISTORY_EVENTS, LOG_CONTEXT, LOG_EVENTS } from './log-events.ts';

const WITHHELD = '[withheld]';

/** The most frames of a stack; V8 records no more. */
export const MOST_FRAMES = 10;
/** `    at name (/path/file.js:1:2)`. In a path, an @ is only allowed at the start of a name, so no email matches. */
const FRAME =
  /^ {4}at (?:[\w$.<>#[\] ]{1,80} \()?(?:(?:file:\/\/|node:)?(?:[\w.+-]|\/@?){1,200}(?::\d{1,7}){1,2}|native|<anonymous>|index \d{1,4})\)?$/;

/** Whether a line of a stack is a frame as V8 writes it, and nothing else. */
export const isFrame = (line: string): boolean => FRAME.test(line);

const matches =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && pattern.test(value);
/** Without seven digits in a row, because those could be a phone. */
const isName = matches(/^(?!.*\d{7})[\w$.:,<>/-]{1,120}$/);
const isId = matches(/^[\w:|.-]{1,64}$/);
/** API Gateway's ids are in base64. */
const isRequestId = matches(/^[\w:|.+/=-]{1,64}$/);
/** The limits of OpenID Connect for a subject. */
const isSubject = matches(/^[\x21-\x7e]{1,255}$/);
const areAll =
  (fits: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(fits);
const areFrames = (value: unknown): boolean => {
  const lines = typeof value === 'string' ? value.split('\n', MOST_FRAMES + 1) : [];
  return lines.length <= MOST_FRAMES && lines.every(isFrame);
};

const FITS: Readonly<Record<FieldKind, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  'number?': (value) => typeof value === 'number',
  name: isName,
  'name?': isName,
  names: areAll(isName),
  route: matches(/^[A-Z]{3,7} \/[\w/{}-]{0,120}$/),
  id: isId,
  'id?': isId,
  ids: areAll(isId),
  request: isRequestId,
  'request?': isRequestId,
  'subject?': isSubject,
  'frames?': areFrames,
};

type Listed = readonly (readonly [name: string, fits: (value: unknown) => boolean])[];
const listed = (fields: Readonly<Record<string, FieldKind>>): Listed =>
  Object.entries({ ...LOG_CONTEXT, ...fields }).map(([name, kind]) => [name, FITS[kind]]);
const CATALOGUE: ReadonlyMap<unknown, Listed> = new Map(
  Object.entries({ ...LOG_EVENTS, ...ACCESS_EVENTS, ...HISTORY_EVENTS }).map(([event, fields]) => [
    event,
    listed(fields),
  ]),
);
const CONTEXT = listed({});

/**
 * The part of a log line that may be written: the fields that the catalogue lists, if their values match their kinds.
 * A value that does not match becomes `[withheld]`, as does an unknown event. Fields that are not listed are left
 * out.
 */
export const admitted = (event: unknown, fields: Readonly<Record<string, unknown>>): LogAttributes => {
  const known = CATALOGUE.get(event);
  const line: LogAttributes = { message: known === undefined ? WITHHELD : event };
  for (const [name, fits] of known ?? CONTEXT) {
    const value = fields[name];
    if (value !== undefined) line[name] = fits(value) ? value : WITHHELD;
  }
  return line;
};

/**
 * Formats every log line. Powertools may pass it errors, objects and keys that were added elsewhere, but it writes
 * only what the catalogue allows.
 */
export class RedactingFormatter extends LogFormatter {
  override formatAttributes(base: UnformattedAttributes, fields: LogAttributes): LogItem {
    return new LogItem({
      attributes: {
        level: base.logLevel,
        ...admitted(base.message, fields),
        timestamp: base.timestamp.toISOString(),
        service: base.serviceName,
        xray_trace_id: base.xRayTraceId,
      },
    });
  }
}
