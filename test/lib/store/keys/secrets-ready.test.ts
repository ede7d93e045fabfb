import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { disconnect } from '#lib/store/database/connection.ts';
import { forgetKeyring } from '#lib/store/keys/request-keys.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { useService } from '#test/support/service.ts';

const service = useService('secrets-at-hand');

const SECRETS = ['DatabaseUri', 'Keyring'] as const;
type Secret = (typeof SECRETS)[number];

/** The requests that the extension has got and not answered. */
let open: Map<Secret, ServerResponse>;
/** Is called for each request. */
let onAsked: (name: Secret) => void;
let values: Record<Secret, string>;

/** Stands in for the AWS Parameters and Secrets extension. */
const extension = createServer((request, response) => {
  const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('secretId');
  const name = SECRETS.find((secret) => secret === id);
  if (name === undefined) throw new Error(`The extension was asked for ${String(id)}.`);
  open.set(name, response);
  onAsked(name);
});
const answer = (name: Secret): void => {
  open.get(name)?.end(JSON.stringify({ SecretString: values[name] }));
  open.delete(name);
};
const refuse = (name: Secret): void => {
  open.get(name)?.writeHead(400).end();
  open.delete(name);
};

let business: Business;
let id: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => extension.listen(0, '127.0.0.1', resolve));
  business = aBusiness();
  ({ _id: id } = await added(business, { email: 'zoe@example.com' }));
  const { MONGODB_URI = '', KEYRING_FILE = '' } = process.env;
  values = { DatabaseUri: MONGODB_URI, Keyring: readFileSync(KEYRING_FILE, 'utf8') };
  delete process.env['MONGODB_URI'];
  delete process.env['KEYRING_FILE'];
  Object.assign(process.env, {
    PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String((extension.address() as AddressInfo).port),
    AWS_SESSION_TOKEN: 'session-token',
    DATABASE_URI_SECRET: 'DatabaseUri',
    KEYRING_SECRET: 'Keyring',
  });
});
afterAll(async () => {
  await new Promise((resolve) => extension.close(resolve));
});
beforeEach(async () => {
  open = new Map();
  await disconnect();
  forgetKeyring();
});

const CALLS: Readonly<Record<string, () => Promise<{ status: number }>>> = {
  'a get': () => business.get(id),
  'a page': () => business.find(),
  'a search': () => business.find({ phrase: 'zoe' }),
  'a look-up': () => business.lookUp({ email: 'zoe@example.com' }),
  'a create': () => business.create(),
  'a create with an Idempotency-Key': () =>
    business.create(undefined, { headers: { 'idempotency-key': 'once' } }),
  'a change': () => business.change(id, { note: 'Called.' }),
};

describe('a cold start', () => {
  it.each(Object.keys(CALLS))('by %s asks for both secrets before it has either of them', async (name) => {
    // In sequence, the second secret would never be requested: the time-out of the first would answer 503.
    onAsked = () => {
      if (open.size === SECRETS.length) SECRETS.forEach(answer);
    };
    expect(await CALLS[name]!()).toMatchObject({ status: name.startsWith('a create') ? 201 : 200 });
  });

  it('that fails because of its keyring has connected when it answers, and the next request uses that connection', async () => {
    const asked: Secret[] = [];
    let settled = false;
    const bothAsked = new Promise<void>((resolve) => {
      onAsked = (name) => {
        asked.push(name);
        if (asked.length === SECRETS.length) resolve();
      };
    });
    const failing = business.get(id).finally(() => (settled = true));
    await bothAsked;
    const refused = open.get('Keyring')!;
    refuse('Keyring');
    await new Promise((resolve) => refused.once('close', resolve));
    for (let turns = 0; turns < 20; turns += 1) await nextTurn();
    expect(settled).toBe(false);
    answer('DatabaseUri');
    expect((await failing).status).toBe(500);
    onAsked = (name) => {
      asked.push(name);
      answer(name);
    };
    expect((await business.get(id)).status).toBe(200);
    expect(asked).toEqual([expect.any(String), expect.any(String), 'Keyring']);
  });
});

describe('a request that finds its keyring due to be read again', () => {
  const DUE_AFTER_MS = 61_000;
  beforeEach(async () => {
    onAsked = answer;
    await business.get(id);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + DUE_AFTER_MS);
  });
  afterEach(() => void jest.restoreAllMocks());

  it('answers with the old one, and only after the read has ended: nothing is left running to freeze', async () => {
    let settled = false;
    const asked = new Promise<void>((resolve) => {
      onAsked = () => resolve();
    });
    const answering = business.get(id).finally(() => (settled = true));
    await asked;
    // More often than the request queries the database.
    for (let times = 0; times < 10; times += 1) await service.database.db!.command({ ping: 1 });
    expect(settled).toBe(false);
    answer('Keyring');
    expect((await answering).status).toBe(200);
  });

  it('answers too when the read fails, and when the request is refused', async () => {
    onAsked = refuse;
    expect((await business.get(id)).status).toBe(200);
    expect((await business.get('f'.repeat(24))).status).toBe(404);
  });
});
