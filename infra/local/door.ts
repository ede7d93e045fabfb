import { createServer, type IncomingMessage } from 'node:http';
import { type HttpAnswer, gatewayAnswer, jsonAnswer, send } from './http-api/http-answer.ts';
import { isObject } from './json.ts';
import { closeServer, listen } from './listen.ts';

type Handler = (message: IncomingMessage) => Promise<HttpAnswer>;

/** The address of the service. It is open from the start, so a caller gets 503 until the service is ready. */
export type Door = Readonly<{
  url: string;
  /** Sets the current start-up step, which is the body of every 503 until `serve` is called. */
  report: (doing: string) => void;
  serve: (handler: Handler) => void;
  close: () => Promise<void>;
}>;

/** More than the API's own limit of 10,240 bytes, so the API can answer requests above its limit itself. */
const HEADERS_NODE_ACCEPTS_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 65_000;

/** Keeps out pages of other sites whose host name resolves to this machine (DNS rebinding). */
const isLocal = (host = ''): boolean => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);

const whyNot = (cause: unknown, port: number): string =>
  isObject(cause) && cause.code === 'EADDRINUSE'
    ? `Port ${String(port)} is already in use. Stop the program that uses it, or set PORT to another port.`
    : String(cause);

/**
 * Starts to listen on 127.0.0.1.
 * @param port 0 for any free port
 * @throws Error when the port is in use
 */
export const openDoor = async (port: number): Promise<Door> => {
  let doing = 'starting';
  let handler: Handler = () => Promise.resolve(jsonAnswer(503, { doing }));
  const answer = async (message: IncomingMessage): Promise<HttpAnswer> => {
    if (!isLocal(message.headers.host))
      return gatewayAnswer(403, 'Only calls to 127.0.0.1 or localhost are answered.');
    try {
      return await handler(message);
    } catch (error) {
      // A caller that closed the connection is no error here; anything else is a fault of the gateway and is printed.
      if (!message.destroyed || message.complete) process.stderr.write(`${String(error)}\n`);
      return gatewayAnswer(500, 'Internal Server Error');
    }
  };
  const server = createServer({ maxHeaderSize: HEADERS_NODE_ACCEPTS_BYTES }, (message, response) => {
    void answer(message).then((ready) => {
      send(response, ready);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const listening = await listen(server, { host: '127.0.0.1', port }).catch((cause: unknown) => {
    throw new Error(whyNot(cause, port), { cause });
  });
  return {
    url: `http://127.0.0.1:${String(listening)}`,
    report: (what) => {
      doing = what;
    },
    serve: (ready) => {
      handler = ready;
    },
    close: () => closeServer(server),
  };
};
