import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { listen } from '#infra/local/database/stand-in/wire-server.ts';
import { writeDocument } from '#infra/local/database/wire/bson-document.ts';

const servers: { close: () => void }[] = [];

/** Closes every server that was started here. */
export const closeServers = (): void => {
  for (const server of servers.splice(0)) server.close();
};

const addressOf = (server: Server): string => `127.0.0.1:${String((server.address() as AddressInfo).port)}`;

/** A server that is not MongoDB's. */
export const aServer = async (onConnection: (socket: Socket) => void): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onConnection(socket);
  });
  servers.push({
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return addressOf(server);
};

const REFUSED_LOGIN = { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'no such user: canary' };

/** A MongoDB server whose answer to `hello` has these fields, and that lets nobody log in. */
export const aMongodb = async (hello: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  let address = '';
  const server = await listen(0, '127.0.0.1', ({ name }) => {
    const isHello = ['hello', 'ismaster', 'isMaster'].includes(name);
    const primary = {
      isWritablePrimary: true,
      setName: 'rs0',
      hosts: [address],
      primary: address,
      me: address,
    };
    const answer = { ...primary, minWireVersion: 0, maxWireVersion: 25, ok: 1, ...hello };
    if (name === 'saslStart') return Promise.resolve(writeDocument(REFUSED_LOGIN));
    return Promise.resolve(writeDocument(isHello ? answer : { ok: 1 }));
  });
  servers.push(server);
  address = addressOf(server);
  return address;
};
