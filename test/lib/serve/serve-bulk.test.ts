import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { applyOperations } from '#functions/customers/apply-operations/apply-operations.ts';
import { contract, operations } from '#functions/customers/apply-operations/contract.ts';
import { defineRoute, ok } from '#lib/contract/route.ts';
import { operation, serveBulk } from '#lib/serve/serve-bulk.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { type Answer, aBusinessId, call, startService } from '#test/support/service.ts';
import { type StallingProxy, startStallingProxy } from '#test/support/stalling-proxy.ts';
import { countIn } from '#test/support/stored.ts';
import { testDatabaseUri } from '#test/support/test-database.ts';

let proxy: StallingProxy;
let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  proxy = await startStallingProxy(testDatabaseUri('serve-bulk'));
  service = await startService('serve-bulk', proxy.uri);
});
afterAll(async () => {
  await service.stop();
  await proxy.stop();
});

/** An operation that no route has: it does and answers what a test wants. It is no POST, so it records nothing of its own. */
const odd = defineRoute({
  name: 'be-odd',
  summary: 'Be odd',
  method: 'DELETE',
  path: '/odd',
  impact: 'nothing is odd',
  permission: 'READ_CUSTOMER',
  purpose: 'take-over-records',
  needs: [],
  answers: { 200: z.unknown() },
  problems: [],
});
const real = applyOperations({ customers, settingsOf, now: () => new Date() });

type Odd = () => unknown;
type Sent = { businessId: string; key: string; drafts: readonly unknown[]; remainingMs?: number };
const aBulk = (): Sent => ({
  businessId: aBusinessId(),
  key: randomUUID(),
  drafts: [aCustomer(), aCustomer()],
});

/** Creates a customer, meets what is odd, and creates another one. */
const send = async (oddities: readonly Odd[], { businessId, key, drafts, remainingMs = 10_000 }: Sent) => {
  const left = [...oddities];
  const handler = serveBulk(contract, {
    create: operation(operations.create, real.create),
    odd: operation(odd, async () => ok(await left.shift()?.())),
  });
  const [first, ...others] = drafts.map((create) => ({ create }));
  const body = { operations: [first, ...oddities.map(() => ({ odd: {} })), ...others] };
  let answer: Answer | undefined;
  const lines = await linesWrittenBy(async () => {
    answer = await call(handler, { businessId, headers: { 'idempotency-key': key }, body, remainingMs });
  });
  return { answer: answer!, messages: lines.map((line) => JSON.parse(line).message) };
};
const statusesOf = ({ body }: Answer): number[] => body.results.map(({ status }: any) => status);
const storedOf = ({ businessId }: Sent): Promise<number> => countIn(service, 'customer_link', { businessId });

const DELETED = { _id: 'a'.repeat(24), state: 'deleted' };
/** With a note of more than half of what an answer may hold, as no customer has. */
const LARGE = {
  ...{ _id: 'a'.repeat(24), object: 'CustomerDto', _version: '0', firstName: null, lastName: null },
  ...{ phone: null, email: null, note: 'x'.repeat(3_000_000), customerType: 'new', state: 'active' },
  ...{ stateHistory: [], createdAt: '', updatedAt: '' },
};

describe('a bulk answers for each operation', () => {
  it.each<[string, Odd]>([
    ['a defect', () => Promise.reject(new TypeError('a secret'))],
    ['a stack that is used up', () => Promise.reject(new RangeError('Maximum call stack size exceeded'))],
    [
      'what is no error',
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- a dependency may do so
        throw null;
      },
    ],
    ['an answer that cannot be sent', () => ({ much: 'x'.repeat(6_000_000) })],
    ['an answer that is no JSON', () => ({ number: 1n })],
  ])(
    'although one of them meets %s: it is 500 in its result, and those after it are carried out',
    async (_what, oddity) => {
      const bulk = aBulk();
      const { answer } = await send([oddity], bulk);
      expect([answer.status, statusesOf(answer), await storedOf(bulk)]).toEqual([200, [201, 500, 201], 2]);
      expect(answer.body.results[1].error.code).toBe('internal-error');
      expect(answer.text).not.toContain('secret');
    },
  );

  it.each<[string, unknown]>([
    ['is not as the contract of the bulk says', { _id: 7 }],
    ['is too large with another one', LARGE],
  ])(
    'although the answer of one %s: the customers are left out, and nothing is recorded',
    async (_what, odd) => {
      const bulk = aBulk();
      const { answer, messages } = await send([() => odd, () => odd], bulk);
      expect([answer.status, await storedOf(bulk)]).toEqual([200, 2]);
      expect(answer.body.results).toEqual([201, 200, 200, 201].map((status) => ({ status })));
      expect(messages).toContain('defect');
      const again = await send([() => DELETED, () => DELETED], bulk);
      expect(again.answer.headers).not.toHaveProperty('idempotent-replayed');
      expect(again.answer.body.results[1]).toEqual({ status: 200, customer: DELETED });
      expect(await storedOf(bulk)).toBe(2);
    },
  );

  it('with the whole result of those that were refused, when customers are left out', async () => {
    const bulk = { ...aBulk(), drafts: [aCustomer(), aCustomer({ email: 'x' })] };
    const { answer } = await send([() => ({ _id: 7 })], bulk);
    expect(answer.body.results).toEqual([
      { status: 201 },
      { status: 200 },
      { status: 400, error: expect.objectContaining({ code: 'invalid-request' }) },
    ]);
  });
});

describe('a bulk whose answer cannot be recorded answers for each operation, and does nothing twice', () => {
  const expectDoneOnce = async (breakIt: Odd, mendIt: () => unknown, remainingMs: number) => {
    const bulk = { ...aBulk(), drafts: [aCustomer()], remainingMs };
    const first = await send(
      [
        async () => {
          await breakIt();
          return DELETED;
        },
      ],
      bulk,
    );
    await mendIt();
    expect(first.messages).toContain('answer-not-recorded');
    expect([first.answer.status, statusesOf(first.answer)]).toEqual([200, [201, 200]]);
    const again = await send([() => DELETED], bulk);
    expect(again.messages).not.toContain('answer-not-recorded');
    expect([again.answer.status, again.answer.text]).toEqual([200, first.answer.text]);
    expect(again.answer.headers).not.toHaveProperty('idempotent-replayed');
    expect((await send([], bulk)).answer.status).toBe(422);
    const third = await send([() => DELETED], bulk);
    expect([third.answer.text, third.answer.headers['idempotent-replayed']]).toEqual([
      first.answer.text,
      'true',
    ]);
    expect(await storedOf(bulk)).toBe(1);
  };

  it('because the database is lost', async () => {
    const uri = process.env['MONGODB_URI']!;
    const moveTo = async (other: string): Promise<void> => {
      process.env['MONGODB_URI'] = other;
      await disconnect();
    };
    const nowhere = 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50';
    await expectDoneOnce(
      () => moveTo(nowhere),
      () => moveTo(uri),
      10_000,
    );
  });

  it('because the database is silent until the deadline', async () => {
    await expectDoneOnce(
      () => proxy.stall(),
      () => proxy.resume(),
      3_000,
    );
  });
});
