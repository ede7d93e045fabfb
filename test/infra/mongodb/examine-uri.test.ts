import { createServer } from 'node:http';
import { afterAll, describe, expect, it } from '@jest/globals';
import { closeServer, listen } from '#infra/local/listen.ts';
import { examineMongodbUri } from '#infra/mongodb/examine-uri.ts';
import { testDatabaseUri } from '#test/support/test-database.ts';
import { aMongodb, aServer, closeServers } from './fake-server.ts';

afterAll(closeServers);

/** What is said of a connection string, without what is secret in it. */
const problemOf = async (uri: string): Promise<string | undefined> => {
  const problem = await examineMongodbUri(uri);
  expect(problem ?? '').not.toMatch(/canary/);
  return problem;
};

const about = (place: string, rest: string): string =>
  `MONGODB_URI: cannot use the database at ${place}, because ${rest}`;

describe('examineMongodbUri', () => {
  it('finds nothing wrong with a replica set of MongoDB 8', async () => {
    expect(await problemOf(testDatabaseUri('examine'))).toBeUndefined();
    expect(await problemOf(`mongodb://${await aMongodb()}/shop?replicaSet=rs0`)).toBeUndefined();
  });

  it('finds nothing wrong with the router of a sharded cluster', async () => {
    const router = { msg: 'isdbgrid', setName: undefined, hosts: undefined };
    expect(await problemOf(`mongodb://${await aMongodb(router)}/`)).toBeUndefined();
  });

  it.each([
    'canary',
    'http://127.0.0.1/',
    'mongodb://',
    'mongodb://127.0.0.1:99999/',
    'mongodb://127.0.0.1/?noSuchOption=canary',
    'mongodb://anna:canary@canary@127.0.0.1:1/',
    'mongodb://anna:canary/canary@127.0.0.1:1/',
    'mongodb://canary/anna:1@127.0.0.1:1/',
  ])('says of %s that it is no connection string, and quotes nothing of it', async (uri) => {
    expect(await problemOf(uri)).toBe(
      'MONGODB_URI is not a valid MongoDB connection string. Write mongodb://host:port/database?replicaSet=name, ' +
        'and percent-encode special characters in the user name and the password.',
    );
  });
});

describe('what is said of a connection that is not protected', () => {
  it.each([
    [
      'mongodb://anna:canary@0.0.0.0:1/',
      '0.0.0.0:1',
      'the connection leaves this machine without TLS. Add tls=true.',
    ],
    ['mongodb+srv://db.example.com/', 'db.example.com', 'it names no user. Add a user name and a password,'],
    [
      'mongodb://anna:canary@db.example.com/?tls=true&tlsInsecure=true',
      'db.example.com:27017',
      'the certificate of the server would not be checked. Remove tlsInsecure,',
    ],
  ])('%s', async (uri, place, sentence) => {
    expect(await problemOf(uri)).toContain(about(place, sentence));
  });
});

describe('what is said of a place without MongoDB', () => {
  it('names host and port where nothing listens', async () => {
    const rest = 'the connection was refused. Start MongoDB there, or correct the host and port.';
    expect(await problemOf('mongodb://anna:canary@127.0.0.1:1/')).toBe(about('127.0.0.1:1', rest));
    expect(await problemOf('mongodb://127.0.0.1:1,127.0.0.1:2/?replicaSet=rs0')).toBe(
      about('127.0.0.1:1, 127.0.0.1:2', rest),
    );
  });

  it.each([
    'mongodb://anna:canary@does-not-exist.invalid:27018/?tls=true',
    'mongodb+srv://anna:canary@does-not-exist.invalid/',
  ])('says that the name in %s is not known', async (uri) => {
    expect(await problemOf(uri)).toMatch(
      /at does-not-exist\.invalid(:27018)?, because the host name is not known\. Correct the host name,/,
    );
  });

  it('says that nothing answered where only the connection succeeds', async () => {
    const address = await aServer(() => undefined);
    expect(await problemOf(`mongodb://${address}/`)).toBe(
      about(
        address,
        'it did not answer within 2 seconds. Check the address and the firewall, and that MongoDB runs there.',
      ),
    );
  });

  it('says that it is not MongoDB where a web server answers, or the connection is closed', async () => {
    const web = createServer((_message, response) => response.end('canary'));
    const port = String(await listen(web, { host: '127.0.0.1', port: 0 }));
    const closing = await aServer((socket) => socket.end());
    for (const address of [`127.0.0.1:${port}`, closing])
      expect(await problemOf(`mongodb://${address}/`)).toContain(
        about(
          address,
          'it closed the connection and did not answer as MongoDB does. Correct the host and port.',
        ),
      );
    await closeServer(web);
  });
});

describe('what is said of a MongoDB server that cannot be used', () => {
  it.each([
    ['a single server', { setName: undefined }, 'it is not a member of a replica set'],
    [
      'a set that is not initiated',
      { isreplicaset: true, setName: undefined },
      'its replica set is not initiated',
    ],
    ['MongoDB 7', { maxWireVersion: 21 }, 'it is older than MongoDB 8.0. Use MongoDB 8.0 or newer.'],
    ['MongoDB 3', { maxWireVersion: 6 }, 'it is older than MongoDB 8.0. Use MongoDB 8.0 or newer.'],
    [
      'another set',
      { setName: 'other' },
      'it belongs to the replica set other, not to rs0. Correct replicaSet.',
    ],
  ])('%s', async (_, hello, sentence) => {
    const address = await aMongodb(hello);
    expect(await problemOf(`mongodb://${address}/?replicaSet=rs0`)).toContain(about(address, sentence));
  });

  it('says that there is no primary', async () => {
    const address = await aMongodb({ isWritablePrimary: false, secondary: true, primary: undefined });
    expect(await problemOf(`mongodb://${address}/?replicaSet=rs0`)).toContain(
      'its replica set has no primary.',
    );
  });

  it('says that the login failed, and not whose', async () => {
    const address = await aMongodb();
    expect(await problemOf(`mongodb://canary:canary@${address}/?replicaSet=rs0`)).toBe(
      about(address, 'authentication failed. Correct the user name, the password or authSource.'),
    );
  });

  it('names the member that cannot be reached by the name in the replica set', async () => {
    const member = 'does-not-exist.invalid:27017';
    const address = await aMongodb({ hosts: [member], primary: member, me: member });
    expect(await problemOf(`mongodb://${address}/?replicaSet=rs0`)).toContain(
      about(member, 'the host name is not known'),
    );
  });

  it('names a member of a local replica set that is on another machine, and does not contact it', async () => {
    // 192.0.2.0/24 is reserved for documentation. A system without any route says ENETUNREACH.
    const member = '192.0.2.1:27017';
    const address = await aMongodb({ hosts: [member], primary: member, me: member });
    expect(await problemOf(`mongodb://${address}/?replicaSet=rs0`)).toMatch(
      /at 192\.0\.2\.1:27017, because (it is on another machine, and a connection without TLS stays on this one|the network does not reach it)\. /,
    );
  });
});
