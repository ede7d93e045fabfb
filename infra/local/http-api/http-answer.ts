import type { ServerResponse } from 'node:http';

/** An answer to send. A header may appear several times, as Set-Cookie does. */
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

/** An answer of API Gateway itself, when there is no answer of a function to pass on. */
export const gatewayAnswer = (status: number, message: string): HttpAnswer => jsonAnswer(status, { message });

export const withHeaders = (answer: HttpAnswer, headers: HttpAnswer['headers']): HttpAnswer => ({
  ...answer,
  headers: [...answer.headers, ...headers],
});

const HAS_NO_BODY: ReadonlySet<number> = new Set([204, 304]);

/** Sends the answer. Node drops the body of answers that must not have one: to HEAD, 204 and 304. */
export const send = (response: ServerResponse, { status, headers, body }: HttpAnswer): void => {
  const length = HAS_NO_BODY.has(status) ? [] : ['content-length', String(body.length)];
  response.writeHead(status, [...headers.flat(), ...length]);
  response.end(body);
};
