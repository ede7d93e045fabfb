import type { ServerResponse } from 'node:http';

/** An answer on its way out. A header may stand there several times: Set-Cookie does. */
export type HttpAnswer = Readonly<{
  status: number;
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
}>;

/** An answer with a JSON body. */
export const jsonAnswer = (status: number, value: unknown): HttpAnswer => ({
  status,
  headers: [['content-type', 'application/json']],
  body: Buffer.from(JSON.stringify(value)),
});

/** What API Gateway itself says when it has no answer of a function's to hand on. */
export const gatewayAnswer = (status: number, message: string): HttpAnswer => jsonAnswer(status, { message });

export const withHeaders = (answer: HttpAnswer, headers: HttpAnswer['headers']): HttpAnswer => ({
  ...answer,
  headers: [...answer.headers, ...headers],
});

const HAS_NO_BODY: ReadonlySet<number> = new Set([204, 304]);

/** Writes the answer. Node leaves out the body that an answer to HEAD, a 204 and a 304 must not have. */
export const send = (response: ServerResponse, { status, headers, body }: HttpAnswer): void => {
  const length = HAS_NO_BODY.has(status) ? [] : ['content-length', String(body.length)];
  response.writeHead(status, [...headers.flat(), ...length]);
  response.end(body);
};
