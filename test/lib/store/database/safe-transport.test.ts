import { describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { loopbackOnly, unsafeTransport } from '#lib/store/database/safe-transport.ts';

const codeOf = (uri: string, environment = {}): string | undefined =>
  unsafeTransport(new MongoClient(uri).options, environment)?.code;

describe('a connection that stays on this machine', () => {
  it.each([
    'mongodb://127.0.0.1:27017/',
    'mongodb://127.1.2.3/?replicaSet=rs0',
    'mongodb://localhost/',
    'mongodb://LocalHost/',
    'mongodb://[::1]:27017/',
    'mongodb://127.0.0.1:1,localhost:2,[::1]:3/',
    'mongodb://%2Ftmp%2Fmongodb-27017.sock/',
    'mongodb://127.0.0.1/?tls=true&tlsInsecure=true',
  ])('%s needs neither TLS nor a user', (uri) => {
    expect(codeOf(uri, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toBeUndefined();
  });
});

describe('a connection that leaves this machine', () => {
  it.each([
    'mongodb://anna:secret@db.example.com/',
    'mongodb://anna:secret@db.example.com/?tls=false',
    'mongodb://anna:secret@db.example.com/?ssl=false',
    'mongodb+srv://anna:secret@db.example.com/?tls=false',
    'mongodb://anna:secret@127.0.0.1,db.example.com/',
    'mongodb://anna:secret@127.0.0.1.example.com/',
    'mongodb://anna:secret@localhost.example.com/',
    'mongodb://anna:secret@127.1/',
    'mongodb://anna:secret@0.0.0.0/',
    'mongodb://anna:secret@[::]/',
    'mongodb://anna:secret@[::2]/',
    'mongodb://anna:secret@10.0.0.1/',
    'mongodb://anna:secret@127.999.1.1/',
    'mongodb://anna:secret@127.0.0.1%2eexample.com/',
    'mongodb://127.0.0.1@db.example.com/',
    'mongodb://anna:secret@%2Ftmp%2Fmongodb.sock,db.example.com/',
    'mongodb://anna:secret@[::ffff:127.0.0.1]/',
    'mongodb://anna:secret@db.example.com/?TLS=false&tls=true',
  ])('%s is refused, because it has no TLS', (uri) => {
    expect(codeOf(uri)).toBe('no-tls');
  });

  it.each([
    'tlsInsecure=true',
    'TLSINSECURE=true',
    'tlsAllowInvalidCertificates=true',
    'tlsAllowInvalidHostnames=true',
    'tlsAllowInvalidHostnames=true&tlsAllowInvalidCertificates=false',
    'rejectUnauthorized=false',
    'rejectUnauthorized=0',
    'servername=other.example.net',
    'SERVERNAME=other.example.net',
    'ciphers=NULL',
    'secureProtocol=TLSv1_method',
    ...[
      'ALPNProtocols',
      'allowPartialTrustChain',
      'ca',
      'cert',
      'checkServerIdentity',
      'crl',
      'ecdhCurve',
    ].map((name) => `${name}=x`),
    ...['key', 'lookup', 'minDHSize', 'passphrase', 'pfx', 'secureContext', 'session'].map(
      (name) => `${name}=x`,
    ),
  ])('is refused with %s', (option) => {
    expect(codeOf(`mongodb://anna:secret@db.example.com/?tls=true&${option}`)).toBe('certificate-unchecked');
    expect(codeOf(`mongodb+srv://anna:secret@db.example.com/?${option}`)).toBe('certificate-unchecked');
  });

  it('is refused where the environment switches the check of certificates off', () => {
    const uri = 'mongodb://anna:secret@db.example.com/?tls=true';
    expect(codeOf(uri, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toBe('certificate-unchecked');
    expect(codeOf(uri, { NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toBeUndefined();
  });

  it.each(['mongodb://db.example.com/?tls=true', 'mongodb+srv://db.example.com/'])(
    '%s is refused, because it names no user',
    (uri) => {
      expect(codeOf(uri)).toBe('no-user');
    },
  );

  it.each([
    'mongodb://anna:secret@db.example.com/?tls=true',
    'mongodb://anna:secret@db.example.com/?ssl=true&tlsInsecure=false',
    'mongodb+srv://anna:secret@db.example.com/',
    'mongodb://db.example.com/?tls=true&authMechanism=MONGODB-X509&authSource=$external',
    'mongodb+srv://db.example.com/?authMechanism=MONGODB-AWS&authSource=$external',
  ])('%s is let through', (uri) => {
    expect(codeOf(uri)).toBeUndefined();
  });
});

describe('a connection without TLS', () => {
  it.each([
    ['mongodb://127.0.0.1/', '127.0.0.1'],
    ['mongodb://localhost/', '127.0.0.1'],
    ['mongodb://[::1]/', '::1'],
    ['mongodb://127.0.0.1,[::1]/', '127.0.0.1'],
  ])('to %s is bound to an address from which no other machine is reached', (uri, localAddress) => {
    expect(loopbackOnly(new MongoClient(uri).options)).toEqual({
      localAddress,
      family: localAddress === '::1' ? 6 : 4,
    });
  });

  it('is what needs that, and no other', () => {
    expect(loopbackOnly(new MongoClient('mongodb://127.0.0.1/?tls=true').options)).toBeUndefined();
    expect(loopbackOnly(new MongoClient('mongodb+srv://a:b@db.example.com/').options)).toBeUndefined();
  });
});
