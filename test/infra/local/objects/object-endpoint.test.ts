import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { caller, useObjectEndpoint } from '#test/support/object-endpoint.ts';
import { type Answer, type Call, call } from '../fixtures/http-call.ts';

const local = useObjectEndpoint();
const signedAs = (id: string): [string, string] => [
  'authorization',
  `AWS4-HMAC-SHA256 Credential=${id}/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=x`,
];
const ask = ({ headers = [], ...rest }: Call): Promise<Answer> =>
  call(local.endpoint.url, { headers: [signedAs(process.env['AWS_ACCESS_KEY_ID']!), ...headers], ...rest });
const codeOf = ({ status, text }: Answer): string => `${status} ${/<Code>(\w+)</.exec(text)?.[1] ?? ''}`;
/** What lies in the folder of the buckets and around it. */
const files = (): string[] =>
  readdirSync(dirname(local.folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.includes('canary'),
  );

beforeEach(() => {
  local.log.length = 0;
});

describe('what no key can reach', () => {
  it.each([
    '/things/../canary',
    '/things/%2e%2e/canary',
    '/things/a/%2E%2E/%2E%2E/%2E%2E/canary',
    '/things/..%2f..%2fcanary',
    '/things//canary',
    '/things/%2Fcanary',
    '/things/a//canary',
    '/things/canary/',
    '/things/./canary',
    '/things/canary%00.txt',
    '/things/canary%0a',
    '/things/%ed%a0%80canary',
    `/things/canary${'x'.repeat(250)}`,
    `/things/${'canary/'.repeat(150)}x`,
    '/../canary',
    '/..%2fcanary/x',
    '/.staged/canary',
    '/THINGS/canary',
  ])('%s is refused, whatever is asked', async (path) => {
    writeFileSync(join(local.folder, 'canary'), 'secret');
    for (const method of ['PUT', 'GET', 'HEAD', 'DELETE']) {
      const answer = await ask({ method, path, ...(method === 'PUT' && { body: 'x' }) });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toContain('secret');
    }
    expect(readFileSync(join(local.folder, 'canary'), 'utf8')).toBe('secret');
    expect(files()).toEqual(['objects/canary']);
  });

  it('a backslash, a drive and a tilde are letters of a name', async () => {
    for (const key of ['..%5C..%5Cx', 'C%3A', '~', 'a@', 'a%2540', "it's*(1)!"]) {
      expect((await ask({ method: 'PUT', path: `/things/odd/${key}`, body: key })).status).toBe(200);
      expect((await ask({ path: `/things/odd/${key}` })).text).toBe(key);
    }
    const found = local.endpoint.list('things').map(({ key }) => key);
    expect(found).toEqual(['odd/..\\..\\x', 'odd/C:', 'odd/a%40', 'odd/a@', "odd/it's*(1)!", 'odd/~']);
    for (const key of found) await ask({ method: 'DELETE', path: `/things/${encodeURIComponent(key)}` });
  });
});

describe('what is not played', () => {
  it.each<Call>([
    { method: 'POST', path: '/things/a?uploads' },
    { method: 'PUT', path: '/things/a?partNumber=1&uploadId=x', body: 'x' },
    { method: 'PUT', path: '/things/a?tagging', body: 'x' },
    { method: 'GET', path: '/things/a?versionId=1' },
    { method: 'DELETE', path: '/things/a?versionId=1' },
    { method: 'GET', path: '/things/a', headers: [['range', 'bytes=0-1']] },
    { method: 'GET', path: '/things/a', headers: [['if-none-match', '*']] },
    { method: 'PUT', path: '/things/a', headers: [['x-amz-copy-source', '/things/b']], body: 'x' },
    { method: 'PUT', path: '/things/a', headers: [['x-amz-bypass-governance-retention', 'true']], body: 'x' },
    { method: 'PUT', path: '/things/a', headers: [['x-amz-storage-class', 'DEEP_ARCHIVE']], body: 'x' },
    { method: 'PUT', path: '/things/a', headers: [['content-encoding', 'aws-chunked']], body: 'x' },
    { method: 'PATCH', path: '/things/a', body: 'x' },
  ])('is an error that names the resource: %j', async (asked) => {
    const answer = await ask(asked);
    expect(codeOf(answer)).toBe('501 NotImplemented');
    expect(answer.text).toContain('things/a');
    expect(local.log.join()).toContain('things/a');
  });

  it.each<Call>([
    { method: 'PUT', path: '/things' },
    { method: 'DELETE', path: '/things' },
    { method: 'GET', path: '/things' },
    { method: 'POST', path: '/things?delete', body: '' },
    { method: 'GET', path: '/things?list-type=2&delimiter=%2F' },
    { method: 'GET', path: '/things?versions' },
  ])('of a bucket too: %j', async (asked) => {
    const answer = await ask(asked);
    expect(codeOf(answer)).toBe('501 NotImplemented');
    expect(answer.text).toContain('things/');
  });
});

describe('a request', () => {
  it('without the access key id of an environment is refused, and after that environment has ended', async () => {
    const { accessKeyId, close } = local.endpoint.openSession(caller(() => true));
    const path = '/things?list-type=2';
    expect(codeOf(await call(local.endpoint.url, { path }))).toBe('403 InvalidAccessKeyId');
    expect(codeOf(await call(local.endpoint.url, { path, headers: [signedAs('local')] }))).toBe(
      '403 InvalidAccessKeyId',
    );
    expect((await call(local.endpoint.url, { path, headers: [signedAs(accessKeyId)] })).status).toBe(200);
    close();
    expect(codeOf(await call(local.endpoint.url, { path, headers: [signedAs(accessKeyId)] }))).toBe(
      '403 InvalidAccessKeyId',
    );
  });

  it('for a bucket that no stack has is refused by name', async () => {
    const answer = await ask({ path: '/other/a' });
    expect(codeOf(answer)).toBe('404 NoSuchBucket');
    expect(answer.text).toContain('no bucket other');
  });

  it('stores nothing when its body does not match its checksum, or has none where the bucket locks', async () => {
    const put = (path: string, ...headers: [string, string][]) =>
      ask({ method: 'PUT', path, headers, body: 'hello' });
    expect(codeOf(await put('/things/sum', ['x-amz-checksum-sha256', 'AAAA']))).toBe('400 BadDigest');
    expect(codeOf(await put('/things/sum', ['x-amz-checksum-crc32', 'AAAAAA==']))).toBe('400 BadDigest');
    expect(codeOf(await put('/locked-things/sum'))).toBe('400 InvalidRequest');
    expect(local.endpoint.list()).toEqual([]);
    expect((await put('/locked-things/sum', ['x-amz-checksum-crc32', 'NhCmhg=='])).status).toBe(200);
    expect(local.endpoint.list()).toEqual([
      {
        bucket: 'locked-things',
        key: 'sum',
        bytes: 5,
        storageClass: 'STANDARD',
        at: '2030-01-01T00:00:00.000Z',
      },
    ]);
    expect(local.endpoint.list('things')).toEqual([]);
  });

  it('to restore needs its days and an object that is offline', async () => {
    await ask({ method: 'PUT', path: '/things/here', body: 'x' });
    const restore = (body: string) => ask({ method: 'POST', path: '/things/here?restore', body });
    expect(codeOf(await restore('<RestoreRequest/>'))).toBe('400 MalformedXML');
    expect(codeOf(await restore('<RestoreRequest><Days>1</Days></RestoreRequest>'))).toBe(
      '403 InvalidObjectState',
    );
    await ask({ method: 'DELETE', path: '/things/here' });
  });

  it('that ends in the middle of its body stores nothing', async () => {
    const { hostname, port } = new URL(local.endpoint.url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    const [name, value] = signedAs(process.env['AWS_ACCESS_KEY_ID']!);
    socket.write(
      `PUT /things/half HTTP/1.1\r\nhost: x\r\n${name}: ${value}\r\ncontent-length: 1000\r\n\r\n${'x'.repeat(500)}`,
    );
    socket.end();
    await once(socket.resume(), 'close');
    expect((await ask({ path: '/things/half' })).status).toBe(404);
    expect(existsSync(join(local.folder, 'things/half@'))).toBe(false);
  });
});
