import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { FrameReader } from '../wire/frame.ts';
import type { Frame } from '../wire/frame.ts';
import { opMsg, readOpMsg, writeOpMsg } from '../wire/op-msg.ts';
import { opQuery, readOpQuery, writeOpReply } from '../wire/op-query.ts';
import { readRequest } from './request.ts';
import type { Request } from './request.ts';

/** Answers one command with BSON; must not reject. */
export type Answering = (request: Request) => Promise<Uint8Array>;

const answerFrame = async (one: Frame, answer: Answering): Promise<Buffer | undefined> => {
  if (one.opCode === opMsg) {
    const message = readOpMsg(one.payload);
    const bytes = await answer(readRequest(message));
    return message.wantsAnswer ? writeOpMsg(one.requestId, bytes) : undefined;
  }
  if (one.opCode !== opQuery) throw new RangeError(`unknown message type ${one.opCode}`);
  const { database, body } = readOpQuery(one.payload);
  const request = readRequest({ body, sequences: new Map() }, database);
  return writeOpReply(one.requestId, await answer(request));
};

const serve = (socket: Socket, answer: Answering): void => {
  const frames = new FrameReader();
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  const handle = async (one: Frame): Promise<void> => {
    const bytes = await answerFrame(one, answer);
    if (bytes && socket.writable) socket.write(bytes);
  };
  socket.on('data', (chunk) => {
    try {
      // Requests are answered as they finish, so a slow one does not delay the next. Unreadable bytes end the
      // connection, because the start of the next message cannot be found.
      for (const one of frames.push(chunk)) handle(one).catch(() => socket.destroy());
    } catch {
      socket.destroy();
    }
  });
};

/** Listens for MongoDB clients. Rejects when the port is taken. */
export const listen = (port: number, host: string, answer: Answering): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => serve(socket, answer));
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
