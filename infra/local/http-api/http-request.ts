import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';

/** A request as it was received, before decoding. */
export type HttpRequest = Readonly<{
  method: string;
  /** The path as sent, still percent-encoded. */
  path: string;
  /** Everything after the first `?`, as sent. */
  query: string;
  /** Lower-case names; values of a repeated header joined with a comma. */
  headers: ReadonlyMap<string, string>;
  /** Bytes of the request line and all header values: the sum that an HTTP API limits. */
  headerBytes: number;
  protocol: string;
  sourceIp: string;
  body: Buffer;
}>;

const readHeaders = (raw: readonly string[]): Map<string, string> => {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
};

/** Reads a request without its body. */
export const readHead = (message: IncomingMessage): Omit<HttpRequest, 'body'> => {
  const method = message.method ?? 'GET';
  const target = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(target) ?? [];
  const protocol = `HTTP/${message.httpVersion}`;
  const headers = readHeaders(message.rawHeaders);
  const values = [...headers.values()].reduce((sum, value) => sum + Buffer.byteLength(value, 'latin1'), 0);
  return {
    method,
    path: path === '' ? '/' : path,
    query,
    headers,
    headerBytes: `${method} ${target} ${protocol}`.length + values,
    protocol,
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
  };
};

/** Reads a body to its end, or the client would not get its answer. Returns undefined when it is too long. */
export const readBody = async (message: IncomingMessage, limit: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  message.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  });
  await finished(message, { writable: false });
  return length > limit ? undefined : Buffer.concat(chunks);
};
