import type * as z from 'zod';
import { DEEPEST_LEVEL, jsonExcess, mostMembers } from '#lib/contract/json-limits.ts';
import type { RequestOf, Route } from '#lib/contract/route.ts';
import { bodyViolation, Refusal, type Violation } from '#lib/domain/errors.ts';
import type { HttpEvent } from './http-event.ts';
import { versionsIn } from './precondition.ts';
import { sentParameters } from './query-parameters.ts';
import { detailOf, messageOf } from './violation-messages.ts';

const MOST_VIOLATIONS = 50;
const JSON_TYPE = /^application\/(?:[\w.+-]{1,60}\+)?json(?:\s*;|$)/i;

/**
 * Reads the parts of an event that the contract declares, and checks their shape and size. Their meaning is checked in
 * the domain. A query parameter that the contract does not declare is a violation, on every route.
 * @throws Refusal with all violations at once
 */
export const parseRequest = <C extends Route>(contract: C, event: HttpEvent): RequestOf<C> => {
  const violations: Violation[] = [];
  const read = (schema: z.ZodType | undefined, part: Violation['in'], value: unknown): unknown => {
    if (schema === undefined) return undefined;
    const result = schema.safeParse(value, { error: messageOf });
    if (result.success) return result.data;
    violations.push(...result.error.issues.flatMap((issue) => violationsOf(issue, part)));
    return undefined;
  };
  const params = read(contract.params, 'path', event.pathParameters ?? {});
  const sent = sentParameters(contract.query, event.queryStringParameters ?? {});
  violations.push(...sent.unknown);
  const query = read(contract.query, 'query', sent.values);
  const body =
    contract.body === undefined ? undefined : read(contract.body, 'body', jsonBody(event, contract));
  refuseViolations(violations, sent.hint);
  const ifMatch =
    contract.precondition === undefined ? undefined : versionsIn(event.headers, contract.precondition);
  // The values come from the contract's own schemas, but the compiler cannot follow that through `read`.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return { params, query, body, ...(ifMatch !== undefined && { ifMatch }) } as RequestOf<C>;
};

/** Violations of one of these kinds alone give the refusal its code. */
const UNKNOWN = ['unknown-field', 'unknown-parameter'] as const;

const refuseViolations = (violations: readonly Violation[], hint: string): void => {
  if (violations.length === 0) return;
  const code = UNKNOWN.find((kind) => violations.every(({ error }) => error === kind)) ?? 'invalid-request';
  const detail = detailOf(violations);
  throw new Refusal(code, code === 'unknown-parameter' ? `${detail} ${hint}` : detail, {
    violations: violations.slice(0, MOST_VIOLATIONS),
  });
};

// Strict, because otherwise bytes that are not UTF-8 would be stored as other characters than were sent, unnoticed.
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const utf8Text = (bytes: Uint8Array): string => {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new Refusal('malformed-json', 'The body is not valid UTF-8. Send it in that encoding.');
  }
};

/**
 * The body as text. The gateway sends some bodies in base64.
 * @throws Refusal `body-too-large` above the limit, `malformed-json` when it is not UTF-8
 */
export const bodyText = (event: HttpEvent, limitBytes: number): string => {
  const { body = '', isBase64Encoded } = event;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > limitBytes) {
    throw new Refusal(
      'body-too-large',
      `The body may have at most ${String(limitBytes)} bytes. Send less at a time.`,
    );
  }
  return utf8Text(bytes);
};

const jsonBody = (event: HttpEvent, { bodyLimitBytes }: Route): unknown => {
  if (!JSON_TYPE.test(event.headers['content-type'] ?? '')) {
    throw new Refusal(
      'unsupported-media-type',
      'Send JSON with the header `Content-Type: application/json`.',
    );
  }
  const text = bodyText(event, bodyLimitBytes);
  refuseExcess(text, mostMembers(bodyLimitBytes));
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    // The message of JSON.parse quotes the input, so it is not passed on.
    throw new Refusal(
      'malformed-json',
      'The body is not valid JSON. Check it for missing quotes, commas and brackets.',
    );
  }
};

const refuseExcess = (text: string, most: number): void => {
  const excess = jsonExcess(text, most);
  if (excess === null) return;
  const message =
    excess === 'too-deep'
      ? `The body is nested more than ${String(DEEPEST_LEVEL)} levels deep. Send a flatter one.`
      : `The body has more than ${String(most)} fields and list entries in all. Send less at a time.`;
  throw new Refusal('invalid-request', message, { violations: [bodyViolation('#', excess, message)] });
};

/** The violations that an issue stands for: one for each unknown field, otherwise one. */
const violationsOf = (issue: z.core.$ZodIssue, part: Violation['in']): Violation[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
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
      message: issue.message,
    },
  ];
};

const pointerTo = (path: readonly PropertyKey[]): string =>
  `#${path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
