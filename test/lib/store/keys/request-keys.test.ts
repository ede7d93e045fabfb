import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { keysOf } from '#lib/store/keys/request-keys.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { aScope } from '#test/support/a-scope.ts';
import { type KeyringFile, keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { aBusinessId, useService } from '#test/support/service.ts';

useService('keys');
const MINUTE_MS = 60_000;

/** Stores another keyring, as an operator does while this environment is running. */
const store = (keyring: KeyringFile | string): void => {
  const text = typeof keyring === 'string' ? keyring : JSON.stringify(keyring);
  writeFileSync(process.env['KEYRING_FILE'] ?? '', text);
};
const currentKey = async () => (await keysOf(aScope(aBusinessId()))).currentKeyId;
/** Advances the clock of this environment only, not its timers and not the database. */
const passMs = (ms: number): void => {
  const now = Date.now() + ms;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
};
/** Waits until the keyring was renewed, which happens in the background. */
const untilRenewed = async (keyId: string): Promise<void> => {
  for (let tries = 0; (await currentKey()) !== keyId; tries += 1) {
    if (tries > 500) throw new Error(`The keyring was not renewed to ${keyId}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

beforeEach(() => useKeyring(keyringOf('k1')));
afterEach(() => void jest.restoreAllMocks());

describe('the keyring of an environment', () => {
  it('is kept for a minute', async () => {
    expect(await currentKey()).toBe('k1');
    store(keyringOf('k2', 'k1'));
    passMs(MINUTE_MS - 1_000);
    expect(await currentKey()).toBe('k1');
  });

  it('is renewed in the background after that', async () => {
    expect(await currentKey()).toBe('k1');
    store(keyringOf('k2', 'k1'));
    passMs(MINUTE_MS);
    expect(await currentKey()).toBe('k1');
    await untilRenewed('k2');
  });

  it('is read before a request that comes after five minutes, for example after a freeze', async () => {
    expect(await currentKey()).toBe('k1');
    store(keyringOf('k2', 'k1'));
    passMs(5 * MINUTE_MS);
    expect(await currentKey()).toBe('k2');
  });

  it('is one and the same for all of a request', async () => {
    const scope = aScope(aBusinessId());
    expect((await keysOf(scope)).currentKeyId).toBe('k1');
    store(keyringOf('k2', 'k1'));
    passMs(5 * MINUTE_MS);
    expect(await currentKey()).toBe('k2');
    expect((await keysOf(scope)).currentKeyId).toBe('k1');
  });

  it.each([
    ['is no JSON', '{ "current": "k1", "keys": { "k1": "'],
    ['names no current key', JSON.stringify({ current: 'k9', keys: keyringOf('k1').keys })],
    [
      'has another key under a known id',
      JSON.stringify({ current: 'k1', keys: { k1: keyringOf('k2').keys['k2'] } }),
    ],
    ['is empty', ''],
  ])('is not replaced by one that %s', async (_how, broken) => {
    const business = aBusiness();
    const customer = await added(business);
    store(broken);
    passMs(5 * MINUTE_MS);
    expect((await business.get(customer._id)).body).toEqual(customer);
    expect(await currentKey()).toBe('k1');
    store(keyringOf('k1', 'k2'));
    passMs(10 * MINUTE_MS);
    expect((await keysOf(aScope(aBusinessId()))).keyIds).toEqual(['k1', 'k2']);
  });
});

describe('what another environment wrote with a new key', () => {
  it('is read at once, by every kind of request', async () => {
    const business = aBusiness();
    useKeyring(keyringOf('k2', 'k1'));
    const body = aCustomer();
    const headers = { 'idempotency-key': 'once' };
    const created = await business.create(body, { headers });
    const { _id } = created.body;
    await business.setState(_id, { state: 'suspended', reason: 'why' });

    const asks: readonly (() => Promise<unknown>)[] = [
      async () => expect((await business.get(_id)).status).toBe(200),
      async () => expect((await business.find()).body.items).toHaveLength(1),
      async () => expect((await business.history(_id)).body).toMatchObject({ verified: true }),
      async () => expect((await business.create(body, { headers })).text).toBe(created.text),
      async () => expect((await business.change(_id, { note: 'n' })).status).toBe(200),
    ];
    for (const ask of asks) {
      // An environment that has read the old keyring, before the new one was stored.
      useKeyring(keyringOf('k1'));
      expect(await currentKey()).toBe('k1');
      store(keyringOf('k2', 'k1'));
      await ask();
      expect(await currentKey()).toBe('k2');
    }
  });

  it('is a defect of this service when there is no such key', async () => {
    const business = aBusiness();
    useKeyring(keyringOf('k2', 'k1'));
    const { _id } = await added(business);
    useKeyring(keyringOf('k1'));
    expectProblem(await business.get(_id), 500, 'internal-error');
  });
});
