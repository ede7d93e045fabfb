import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { type Frame, FrameReader } from '#infra/local/database/wire/frame.ts';

/** Hears what passes between clients and a database. */
export type Listener = Readonly<{
  /** A client's message, before it is passed on. `connection` tells the clients apart. */
  asked: (message: Frame, connection: number) => void;
  answered: (message: Frame, connection: number) => void;
}>;

/** Reads a stream of messages beside its way; nobody is told any more once it makes no sense. */
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

/** Listens on a port of its own and passes everything on to the database and back. Ends with the process. */
export const startTap = async (
  { host, port }: { host: string; port: number },
  listener: Listener,
): Promise<{ server: Server; address: string }> => {
  let connections = 0;
  const server = createServer((near) => {
    connections += 1;
    join(near, connect(port, host), listener, connections);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return { server, address: `127.0.0.1:${String((server.address() as AddressInfo).port)}` };
};
