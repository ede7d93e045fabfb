import type * as z from 'zod';
import type { RequestOf, Route } from '#lib/contract/route.ts';
import { Refusal, type Violation } from '#lib/domain/errors.ts';
import type { HttpEvent } from './http-event.ts';
import { versionsIn } from './precondition.ts';

const MOST_VIOLATIONS = 50;
const JSON_TYPE = /^application\/(?:[\w.+-]{1,60}\+)?json(?:\s*;|$)/i;

/**
 * Reads what the contract declares of an event, and nothing else: shape and size. What it means is the domain's.
 * @throws Refusal with every violation at once
 */
export const parseRequest = <C extends Route>(contract: C, event: HttpEvent): RequestOf<C> => {
  const violations: Violation[] = [];
  const read = (schema: z.ZodType | undefined, part: Violation['in'], value: unknown): unknown => {
    if (schema === undefined) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    violations.push(...result.error.issues.flatMap((issue) => violationsOf(issue, part)));
    return undefined;
  };
  const params = read(contract.params, 'path', event.pathParameters ?? {});
  const query = read(contract.query, 'query', event.queryStringParameters ?? {});
  const body =
    contract.body === undefined ? undefined : read(contract.body, 'body', jsonBody(event, contract));
  refuseIfAny(violations);
  const ifMatch =
    contract.precondition === undefined ? undefined : versionsIn(event.headers, contract.precondition);
  // The schemas that made these values are the contract's own; the compiler cannot follow that through `read`.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return { params, query, body, ...(ifMatch !== undefined && { ifMatch }) } as RequestOf<C>;
};

const refuseIfAny = (violations: readonly Violation[]): void => {
  if (violations.length === 0) return;
  const code = violations.every(({ error }) => error === 'unknown-field')
    ? 'unknown-field'
    : 'invalid-request';
  const places = [...new Set(violations.map(({ in: part, pointer }) => `${part} ${pointer}`))];
  throw new Refusal(code, `Not as the contract says: ${places.slice(0, 5).join(', ')}.`, {
    violations: violations.slice(0, MOST_VIOLATIONS),
  });
};

// Strict: what is no UTF-8 would be kept with other letters than were sent, and nobody would be told.
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const utf8Text = (bytes: Uint8Array): string => {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new Refusal('malformed-json', 'The body is not in UTF-8. Send it in that encoding.');
  }
};

/**
 * The body as text, however the gateway handed it over.
 * @throws Refusal `body-too-large` above the limit, `malformed-json` when it is no text
 */
export const bodyText = (event: HttpEvent, limitBytes: number): string => {
  const { body = '', isBase64Encoded } = event;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > limitBytes) {
    throw new Refusal(
      'body-too-large',
      `The body may have ${String(limitBytes)} bytes at most. Send less at once.`,
    );
  }
  return utf8Text(bytes);
};

const jsonBody = (event: HttpEvent, { bodyLimitBytes }: Route): unknown => {
  if (!JSON_TYPE.test(event.headers['content-type'] ?? '')) {
    throw new Refusal('unsupported-media-type', 'Send JSON, with the header Content-Type: application/json.');
  }
  const text = bodyText(event, bodyLimitBytes);
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    // JSON.parse quotes its input in its message, so the message stays here.
    throw new Refusal(
      'malformed-json',
      'The body is not JSON. Check it for missing quotes, commas and brackets.',
    );
  }
};

/** Names the rule and the place, in words of ours: zod's messages are not part of the contract. */
const violationsOf = (issue: z.core.$ZodIssue, part: Violation['in']): Violation[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MOST_VIOLATIONS).map((key) => ({
      in: part,
      pointer: pointerTo([...issue.path, key.slice(0, 60)]),
      error: 'unknown-field',
      message: 'This field does not exist. Leave it out.',
    }));
  }
  return [
    {
      in: part,
      pointer: pointerTo(issue.path),
      error: issue.code.replaceAll('_', '-'),
      message: `${issue.message}.`,
    },
  ];
};

const pointerTo = (path: readonly PropertyKey[]): string =>
  `#${path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
