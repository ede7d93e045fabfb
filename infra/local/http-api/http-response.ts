import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { HttpAnswer } from './http-answer.ts';
import { type JsonObject, isObject, isText, listAt, objectAt, parseJson } from '../json.ts';

type Header = HttpAnswer['headers'][number];

const DEFAULT_CONTENT_TYPE: Header = ['content-type', 'text/plain;charset=utf-8'];

/** Set by the HTTP connection itself; a function cannot set them. */
const NOT_FROM_A_FUNCTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'transfer-encoding',
]);

const readHeaders = (result: JsonObject): Header[] => {
  const headers = Object.entries(objectAt(result, 'headers')).map(([name, value]): Header => [
    name.toLowerCase(),
    String(value),
  ]);
  const cookies = listAt(result, 'cookies').map((cookie): Header => ['set-cookie', String(cookie)]);
  const all = [...headers.filter(([name]) => !NOT_FROM_A_FUNCTION.has(name)), ...cookies];
  for (const [name, value] of all) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  return all;
};

const fromStructure = (result: JsonObject): HttpAnswer | undefined => {
  const status = Number(result.statusCode);
  const { body = '', isBase64Encoded } = result;
  if (!Number.isInteger(status) || status < 200 || status > 599 || !(isText(body) || body === null))
    return undefined;
  const headers = readHeaders(result);
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  const untyped = bytes.length > 0 && headers.every(([name]) => name !== 'content-type');
  return { status, headers: untyped ? [DEFAULT_CONTENT_TYPE, ...headers] : headers, body: bytes };
};

/**
 * Reads a function's result as an HTTP API does: a result with a `statusCode` is a response in payload format 2.0, any
 * other result is the JSON body of a 200.
 * @param payload the result as JSON text
 * @returns undefined for a malformed response; the answer is then 500
 */
export const fromResult = (payload: string): HttpAnswer | undefined => {
  const result = parseJson(payload);
  if (!isObject(result) || result.statusCode === undefined) {
    const body = Buffer.from(isText(result) ? result : payload);
    return { status: 200, headers: [['content-type', 'application/json']], body };
  }
  try {
    return fromStructure(result);
  } catch {
    return undefined;
  }
};
