import { LogFormatter, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { ACCESS_EVENTS, type FieldKind, LOG_CONTEXT, LOG_EVENTS } from './log-events.ts';

const WITHHELD = '[withheld]';

/** V8's own limit. */
export const MOST_FRAMES = 10;
/** `    at name (/path/file.js:1:2)`; in a path an @ only begins a scope, so no email fits. */
const FRAME =
  /^ {4}at (?:[\w$.<>#[\] ]{1,80} \()?(?:(?:file:\/\/|node:)?(?:[\w.+-]|\/@?){1,200}(?::\d{1,7}){1,2}|native|<anonymous>|index \d{1,4})\)?$/;

/** Whether a line of a stack says where something happened, as V8 writes it, and nothing else. */
export const isFrame = (line: string): boolean => FRAME.test(line);

const matches =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && pattern.test(value);
/** No run of seven digits: that could be a phone. */
const isName = matches(/^(?!.*\d{7})[\w$.:,<>/-]{1,120}$/);
const isId = matches(/^[\w:|.-]{1,64}$/);
/** As OpenID Connect limits it. */
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
  'subject?': isSubject,
  'frames?': areFrames,
};

type Listed = readonly (readonly [name: string, fits: (value: unknown) => boolean])[];
const listed = (fields: Readonly<Record<string, FieldKind>>): Listed =>
  Object.entries({ ...LOG_CONTEXT, ...fields }).map(([name, kind]) => [name, FITS[kind]]);
const CATALOGUE: ReadonlyMap<unknown, Listed> = new Map(
  Object.entries({ ...LOG_EVENTS, ...ACCESS_EVENTS }).map(([event, fields]) => [event, listed(fields)]),
);
const CONTEXT = listed({});

/**
 * What may go out of an event: the fields that the catalogue lists, each as plain and as short as its kind. One that
 * does not fit reads `[withheld]`, and so does what is no event; what is not listed is not there.
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
 * The one point that every log line passes, whoever wrote it and with whatever: powertools hands an error, an object
 * or a key that was once appended to its formatter, and this formatter looks at the catalogue only.
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
