import { createServer, type IncomingMessage } from 'node:http';
import { type HttpAnswer, gatewayAnswer, jsonAnswer, send } from './http-api/http-answer.ts';
import { isObject } from './json.ts';
import { closeServer, listen } from './listen.ts';

type Handler = (message: IncomingMessage) => Promise<HttpAnswer>;

/** The address where everything is served; open before there is anything to serve, so that a caller can wait. */
export type Door = Readonly<{
  url: string;
  /** Says what is being done until calls are served: the body of every 503 till then. */
  report: (doing: string) => void;
  serve: (handler: Handler) => void;
  close: () => Promise<void>;
}>;

/** Above the API's own limit of 10,240 bytes, which is to be answered as the API does. */
const HEADERS_NODE_ACCEPTS_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 65_000;

/** A page of another site must not get in by letting its own name point to this machine. */
const isLocal = (host = ''): boolean => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);

const whyNot = (cause: unknown, port: number): string =>
  isObject(cause) && cause.code === 'EADDRINUSE'
    ? `Port ${String(port)} is taken: stop what uses it, or choose another with PORT.`
    : String(cause);

/**
 * Listens on 127.0.0.1.
 * @param port 0 for any that is free
 * @throws Error saying what to do, when the port is taken
 */
export const openDoor = async (port: number): Promise<Door> => {
  let doing = 'starting';
  let handler: Handler = () => Promise.resolve(jsonAnswer(503, { doing }));
  const answer = async (message: IncomingMessage): Promise<HttpAnswer> => {
    if (!isLocal(message.headers.host))
      return gatewayAnswer(403, 'Only calls to 127.0.0.1 or localhost are served.');
    try {
      return await handler(message);
    } catch (error) {
      // A caller that hung up is nobody's fault; anything else is the gateway's own and must be seen.
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
