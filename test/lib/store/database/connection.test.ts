import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Unavailable } from '#lib/domain/errors.ts';
import { describeError } from '#lib/runtime/logger.ts';
import { connect, disconnect } from '#lib/store/database/connection.ts';
import { networkUseOf } from '#test/support/network-watch.ts';

const uriBefore = process.env['MONGODB_URI'];

afterEach(async () => {
  await disconnect();
  if (uriBefore === undefined) delete process.env['MONGODB_URI'];
  else process.env['MONGODB_URI'] = uriBefore;
});

/** The error of a connection string. `$` in it becomes an address that leaves the loopback and reaches a server here. */
const failureOf = async (uri: string): Promise<{ error: unknown; connections: number }> => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.env['MONGODB_URI'] = uri.replace('$', `0.0.0.0:${String(port)}`);
  const error = await connect().catch((thrown: unknown) => thrown);
  await new Promise((resolve) => server.close(resolve));
  return { error, connections };
};

describe('the connection to the database', () => {
  it.each([
    ['mongodb://canary:canary@$/', 'no-tls'],
    ['mongodb://canary:canary@$/?tls=true&tlsInsecure=true', 'certificate-unchecked'],
    ['mongodb://$/?tls=true', 'no-user'],
    ['canary', 'not-a-connection-string'],
    ['mongodb://canary:canary@canary@$/', 'not-a-connection-string'],
  ])('sends nothing for %s: %s', async (uri, code) => {
    const { error, connections } = await failureOf(uri);
    expect(connections).toBe(0);
    expect(error).toBeInstanceOf(Unavailable);
    expect(describeError(error)).toMatchObject({ error: 'Unavailable', cause: `UnusableUri:${code}` });
    expect(JSON.stringify([String(error), describeError(error)])).not.toContain('canary');
  });

  it.each([
    'mongodb://canary:canary@db.invalid/',
    'mongodb+srv://canary:canary@cluster.db.invalid/?tls=false',
    'mongodb+srv://canary:canary@cluster.db.invalid/?servername=x',
    'mongodb+srv://cluster.db.invalid/',
  ])('looks up no name and opens no socket for %s', async (uri) => {
    process.env['MONGODB_URI'] = uri;
    expect(await networkUseOf(() => expect(connect()).rejects.toThrow(Unavailable))).toEqual([]);
  });

  it('looks up a name where it is protected', async () => {
    process.env['MONGODB_URI'] = 'mongodb+srv://canary:canary@cluster.db.invalid/';
    expect(await networkUseOf(() => connect().catch(() => undefined))).toContain('QUERYWRAP');
  });

  it('is tried where it is protected', async () => {
    const { error, connections } = await failureOf(
      'mongodb://canary:canary@$/?tls=true&connectTimeoutMS=500',
    );
    expect(connections).toBeGreaterThan(0);
    expect(error).toBeInstanceOf(Unavailable);
    expect(JSON.stringify(describeError(error))).not.toContain('UnusableUri');
  });
});
