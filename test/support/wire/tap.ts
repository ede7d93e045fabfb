import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { type Frame, FrameReader } from '#infra/local/database/wire/frame.ts';

/** Is called with the messages between clients and a database. */
export type Listener = Readonly<{
  /** A client's message, before it is passed on. `connection` identifies the client. */
  asked: (message: Frame, connection: number) => void;
  answered: (message: Frame, connection: number) => void;
}>;

/** Reads a copy of a stream of messages. Once the stream cannot be read, no more messages are reported. */
const reading = (tell: (message: Frame) => void): ((bytes: Buffer) => void) => {
  const reader = new FrameReader();
  return (bytes) => {
    for (const message of reader.push(bytes)) tell(message);
  };
};

const join = (near: Socket, far: Socket, listener: Listener, connection: number): void => {
  const ways = [
    { from: near, to: far, hear: reading((message) => listener.asked(message, connection)) },
    { from: far, to: near, hear: reading((message) => listener.answered(message, connection)) },
  ];
  for (const { from, to, hear } of ways) {
    from.setNoDelay(true);
    from.on('data', (bytes: Buffer) => {
      hear(bytes);
      to.write(bytes);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
};

type Tap = Readonly<{
  /** Host and port for the clients. */
  address: string;
  /** Ends it when no client is connected any more. Without this it ends with the process. */
  endWhenIdle: () => void;
}>;

/** Listens on a port of its own and passes everything between clients and the database. */
export const startTap = async (
  { host, port }: { host: string; port: number },
  listener: Listener,
): Promise<Tap> => {
  let connections = 0;
  let open = 0;
  let isEnding = false;
  const endIfIdle = (): void => {
    if (isEnding && open === 0) server.close();
  };
  const server = createServer((near) => {
    connections += 1;
    open += 1;
    near.once('close', () => {
      open -= 1;
      endIfIdle();
    });
    join(near, connect(port, host), listener, connections);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    address: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    endWhenIdle: () => {
      isEnding = true;
      endIfIdle();
    },
  };
};
