import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { deserialize, serialize } from 'bson';
import type { Request } from '#infra/local/database/stand-in/request.ts';
import { listen } from '#infra/local/database/stand-in/wire-server.ts';
import { frame, FrameReader } from '#infra/local/database/wire/frame.ts';
import { opMsg } from '#infra/local/database/wire/op-msg.ts';
import { opQuery } from '#infra/local/database/wire/op-query.ts';

let server: Server | undefined;
let socket: Socket | undefined;

afterEach(() => {
  socket?.destroy();
  server?.close();
});

const clientOf = async (answer: (request: Request) => Promise<Uint8Array>): Promise<Socket> => {
  server = await listen(0, '127.0.0.1', answer);
  const { port } = server.address() as AddressInfo;
  socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};

const command = (document: Record<string, unknown>, flags = 0): Buffer =>
  frame(opMsg, 0, [Buffer.from([flags, 0, 0, 0, 0]), serialize(document)]);

const answersOf = async (from: Socket, count: number): Promise<Record<string, unknown>[]> => {
  const reader = new FrameReader();
  const answers: Record<string, unknown>[] = [];
  while (answers.length < count) {
    const [chunk] = (await once(from, 'data')) as [Buffer];
    answers.push(...reader.push(chunk).map(({ payload }) => deserialize(payload.subarray(5))));
  }
  return answers;
};

const echo = (request: Request): Promise<Uint8Array> =>
  Promise.resolve(serialize({ name: request.name, database: request.database }));

describe('the wire server', () => {
  it('hands over name and database of a command', async () => {
    const client = await clientOf(echo);
    client.write(command({ find: 'c', $db: 'shop' }));
    expect(await answersOf(client, 1)).toEqual([{ name: 'find', database: 'shop' }]);
  });

  it('answers a fast request before a slow one that came first', async () => {
    let release: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const client = await clientOf(async (request) => {
      if (request.name === 'slow') await waiting;
      else setImmediate(release);
      return serialize({ name: request.name });
    });
    client.write(Buffer.concat([command({ slow: 1 }), command({ fast: 1 })]));
    expect(await answersOf(client, 2)).toEqual([{ name: 'fast' }, { name: 'slow' }]);
  });

  it('is silent about a write that wants no answer', async () => {
    const client = await clientOf(echo);
    client.write(Buffer.concat([command({ insert: 'c' }, 0b10), command({ ping: 1 })]));
    expect(await answersOf(client, 1)).toMatchObject([{ name: 'ping' }]);
  });

  it('answers the first hello of a driver, which comes as a query', async () => {
    const client = await clientOf(echo);
    const query = Buffer.concat([Buffer.alloc(4), Buffer.from('admin.$cmd\0'), Buffer.alloc(8)]);
    client.write(frame(opQuery, 0, [query, serialize({ isMaster: 1, helloOk: true })]));
    const [chunk] = (await once(client, 'data')) as [Buffer];
    const [reply] = new FrameReader().push(chunk);
    expect(reply?.opCode).toBe(1);
    expect(deserialize(reply?.payload.subarray(20) ?? Buffer.alloc(0))).toEqual({
      name: 'isMaster',
      database: 'admin',
    });
  });

  it.each([
    ['a length no message can have', Buffer.alloc(16)],
    ['a message type nobody knows', frame(4711, 0, [Buffer.alloc(8)])],
    ['a body that is no BSON', frame(opMsg, 0, [Buffer.from([0, 0, 0, 0, 0, 6, 0, 0, 0, 99, 99])])],
  ])('ends the connection at %s', async (_, bytes) => {
    const client = await clientOf(echo);
    client.write(bytes);
    await once(client, 'close');
    expect(client.destroyed).toBe(true);
  });
});
