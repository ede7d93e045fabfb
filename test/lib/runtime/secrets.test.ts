import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Unavailable } from '#lib/domain/errors.ts';
import { readDatabaseUri, readKeyring } from '#lib/runtime/secrets.ts';

const SECRET_ID = 'arn:aws:secretsmanager:eu-central-1:1:secret:Uri-a/b+c';
let extension: Server;
let asked: { url: string | undefined; token: string | string[] | undefined }[] = [];
let answer: { status: number; body: string };

/** Stands in for the AWS Parameters and Secrets extension. */
beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: JSON.stringify({ SecretString: 'mongodb://from-the-extension' }) };
  extension = createServer((request, response) => {
    asked.push({ url: request.url, token: request.headers['x-aws-parameters-secrets-token'] });
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => extension.listen(0, '127.0.0.1', resolve));
  const { port } = extension.address() as AddressInfo;
  process.env['PARAMETERS_SECRETS_EXTENSION_HTTP_PORT'] = String(port);
  process.env['AWS_SESSION_TOKEN'] = 'session-token';
  process.env['DATABASE_URI_SECRET'] = SECRET_ID;
  delete process.env['MONGODB_URI'];
});
afterEach(async () => {
  await new Promise((resolve) => extension.close(resolve));
});

describe('readDatabaseUri', () => {
  it('asks the extension on localhost for the secret, with the session’s token', async () => {
    expect(await readDatabaseUri()).toBe('mongodb://from-the-extension');
    const url = `/secretsmanager/get?secretId=${encodeURIComponent(SECRET_ID)}`;
    expect(asked).toEqual([{ url, token: 'session-token' }]);
  });

  it('asks nobody where MONGODB_URI is set', async () => {
    process.env['MONGODB_URI'] = 'mongodb://from-the-environment';
    expect(await readDatabaseUri()).toBe('mongodb://from-the-environment');
    expect(asked).toEqual([]);
  });

  it('names the variable that is missing', async () => {
    process.env['DATABASE_URI_SECRET'] = '';
    await expect(readDatabaseUri()).rejects.toThrow('DATABASE_URI_SECRET is not set');
  });

  it('says which secret was refused', async () => {
    answer = { status: 400, body: 'AccessDeniedException' };
    await expect(readDatabaseUri()).rejects.toThrow(`answered 400 for ${SECRET_ID}`);
  });

  it('says that a secret is empty and how to fill it', async () => {
    answer = { status: 200, body: JSON.stringify({ SecretBinary: 'eA==' }) };
    await expect(readDatabaseUri()).rejects.toThrow('put-secret-value');
  });

  it('is Unavailable when the extension breaks off in the middle of an answer', async () => {
    extension.removeAllListeners('request').on('request', (_request, response) => {
      response
        .writeHead(200, { 'content-length': 1_000 })
        .write('{"SecretString":"', () => response.destroy());
    });
    await expect(readDatabaseUri()).rejects.toBeInstanceOf(Unavailable);
  });

  it('is Unavailable while the extension does not answer', async () => {
    await new Promise((resolve) => extension.close(resolve));
    await expect(readDatabaseUri()).rejects.toBeInstanceOf(Unavailable);
  });
});

describe('readKeyring', () => {
  it('asks the extension for its own secret', async () => {
    process.env['KEYRING_SECRET'] = 'Keyring';
    delete process.env['KEYRING_FILE'];
    answer.body = JSON.stringify({ SecretString: '{"current":"k1"}' });
    expect(await readKeyring()).toBe('{"current":"k1"}');
    expect(asked[0]?.url).toBe('/secretsmanager/get?secretId=Keyring');
  });

  it('fails when the file that is named is not there', async () => {
    process.env['KEYRING_FILE'] = '/nowhere/keyring.json';
    await expect(readKeyring()).rejects.toThrow('ENOENT');
  });
});
