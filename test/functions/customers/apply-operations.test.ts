import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { accessesBy } from '#test/support/access-lines.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { saidTwice } from '#test/support/said-twice.ts';
import { startEnvironment } from '#test/support/environment.ts';
import { type Answer, aBusinessId, aKeyring, limitBusinesses, useService } from '#test/support/service.ts';
import { countIn, documentsIn, expectNothingWritten } from '#test/support/stored.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('apply-operations');
afterEach(() => {
  limitBusinesses({ perSecond: 1_000_000, burst: 1_000_000 });
});

const statusesOf = ({ body }: Answer): number[] =>
  body.results.map(({ status }: { status: number }) => status);
const codesOf = ({ body }: Answer): (string | undefined)[] =>
  body.results.map(({ error }: any) => error?.code);
const withKey = (key: string = randomUUID()) => ({ headers: { 'idempotency-key': key } });
/** An error body without the one thing that differs each time. */
const withoutInstance = ({ instance: _instance, ...problem }: any) => problem;

describe('POST /api/v1/customer/bulk', () => {
  it('answers each operation in order, as its own route would, and does it', async () => {
    const business = aBusiness();
    const [one, other] = [await added(business), await added(business)];
    const draft = aCustomer();
    const answer = await business.bulk([
      { create: draft },
      { change: { _id: one._id, note: 'changed' } },
      { delete: { _id: other._id } },
    ]);
    expect([answer.status, statusesOf(answer)]).toEqual([200, [201, 200, 200]]);
    const [created, changed, deleted] = answer.body.results.map(({ customer }: any) => customer);
    expect((await business.get(created._id)).body).toEqual({ ...created, ...draft });
    expect((await business.get(one._id)).body).toEqual(changed);
    expect(changed).toMatchObject({ ...one, note: 'changed', _version: '1', updatedAt: changed.updatedAt });
    expect(deleted).toEqual({ _id: other._id, state: 'deleted' });
    expect((await business.get(other._id)).body.state).toBe('deleted');
  });

  it('writes each in its own transaction, with its own entry in the history', async () => {
    const business = aBusiness();
    const [one, other] = [await added(business), await added(business)];
    const { body } = await business.bulk([
      { create: aCustomer() },
      { change: { _id: one._id, note: 'x' } },
      { delete: { _id: other._id } },
    ]);
    const entries = await documentsIn(service, 'customer_audit', { businessId: business.businessId });
    expect(
      entries.slice(2).map(({ action, purpose, customerId }) => [action, purpose, String(customerId)]),
    ).toEqual([
      ['create-customer', 'take-over-records', body.results[0].customer._id],
      ['change-customer', 'take-over-records', one._id],
      ['delete-customer', 'take-over-records', other._id],
    ]);
  });

  it('is not stopped by one that is refused: its result is what its own route answers', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    const foreign = await added(aBusiness());
    const bad = [
      [{ create: aCustomer({ email: 'anna' }) }, () => business.create(aCustomer({ email: 'anna' }))],
      [{ create: aCustomer({ nickname: 'A' }) }, () => business.create(aCustomer({ nickname: 'A' }))],
      [{ create: aCustomer({ email }) }, () => business.create(aCustomer({ email }))],
      [
        { create: aCustomer({ note: 'n'.repeat(140_000) }) },
        () => business.create(aCustomer({ note: 'n'.repeat(140_000) })),
      ],
      [{ change: { _id: foreign._id, note: 'x' } }, () => business.change(foreign._id, { note: 'x' })],
      [{ change: { _id: 'abc', note: 'x' } }, () => business.change('abc', { note: 'x' })],
      [{ change: { _id, phone: '1' } }, () => business.change(_id, { phone: '1' })],
      [{ delete: { _id: 'abc' } }, () => business.delete('abc')],
    ] as const;
    const answer = await business.bulk([...bad.map(([operation]) => operation), { create: aCustomer() }]);
    expect(statusesOf(answer)).toEqual([400, 400, 409, 413, 404, 400, 400, 400, 201]);
    for (const [position] of bad.entries())
      expect(saidTwice(answer.body.results[position].error)).toEqual([]);
    for (const [position, [, alone]] of bad.entries())
      expect(withoutInstance(answer.body.results[position].error)).toEqual(
        withoutInstance((await alone()).body),
      );
  });

  it.each([
    ['nothing', {}],
    ['two at once', { create: aCustomer(), delete: { _id: 'a'.repeat(24) } }],
    ['an unknown one', { merge: {} }],
    ['what every object has', { toString: {} }],
    ['a text', 'create'],
    ['null', null],
    ['a list', [{ create: {} }]],
    ['a create of null', { create: null }],
    ['a change without _id', { change: { note: 'x' } }],
    ['a change whose _id is no text', { change: { _id: { $ne: '' }, note: 'x' } }],
    ['a deletion of more than an _id', { delete: { _id: 'a'.repeat(24), reason: 'x' } }],
  ])('answers 400 in the result of %s', async (_what, operation) => {
    await expectNothingWritten(service, async () => {
      const answer = await aBusiness().bulk([operation]);
      expect([answer.status, statusesOf(answer)]).toEqual([200, [400]]);
      expect(answer.body.results[0].error.errors.length).toBeGreaterThan(0);
      expect(saidTwice(answer.body.results[0].error)).toEqual([]);
    });
  });

  it.each([
    ['no operation', { operations: [] }],
    ['101 operations', { operations: Array(101).fill({ delete: { _id: 'a'.repeat(24) } }) }],
    ['no list', { operations: {} }],
    ['a dryRun that is no boolean', { operations: [{}], dryRun: 'yes' }],
  ])('answers 400 as a whole to %s', async (_what, body) => {
    await expectRefused(service, () => aBusiness().bulk([], { body }), [400, 'invalid-request']);
  });

  it('takes 100 operations and a body of 1 MiB, and refuses a larger one', async () => {
    const business = aBusiness();
    const operations = Array.from({ length: 100 }, () => ({
      create: aCustomer({ note: 'n'.repeat(5_000) }),
    }));
    const answer = await business.bulk(operations, { remainingMs: 29_000 });
    expect(new Set(statusesOf(answer))).toEqual(new Set([201]));
    const body = JSON.stringify({ operations: [] }).padEnd(1024 * 1024 + 1);
    await expectRefused(service, () => business.bulk([], { body }), [413, 'body-too-large']);
  });

  it('takes 100 operations with 200 entries of a timeline each', async () => {
    const stateHistory = Array(200).fill({ state: 'active', setAt: '2026-01-01T00:00:00Z' });
    const create = { firstName: 'A', customerType: 'new', stateHistory };
    const operations = Array(100).fill({ create });
    const body = { operations, dryRun: true };
    const answer = await aBusiness().bulk([], { body, remainingMs: 29_000 });
    expect(new Set(statusesOf(answer))).toEqual(new Set([201]));
  });

  const lists = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const withField = (syncErrors: string): string => {
    const operations = [{ create: aCustomer() }, { create: aCustomer({ syncErrors: 'here' }) }];
    return JSON.stringify({ operations }).replace('"here"', syncErrors);
  };
  it('refuses a number that is too large for JavaScript as its own route would, and clears no field', async () => {
    const business = aBusiness();
    const { _id, note } = await added(business, { note: 'kept' });
    const body = `{"operations":[{"change":{"_id":"${_id}","note":1e999}}]}`;
    const answer = await business.bulk([], { body });
    expect([answer.status, statusesOf(answer), codesOf(answer)]).toEqual([200, [400], ['invalid-request']]);
    expect((await business.get(_id)).body.note).toBe(note);
  });

  it('takes a field as deep as a body may be', async () => {
    const answer = await aBusiness().bulk([], { body: withField(lists(16)) });
    expect([answer.status, statusesOf(answer)]).toEqual([200, [201, 201]]);
  });

  it.each<[string, string]>([
    ['5,000 levels deep', lists(5_000)],
    ['one level too deep', lists(17)],
    ['of 70,000 entries', `[${'0,'.repeat(70_000)}0]`],
  ])(
    'refuses a bulk as a whole, and creates nothing, when a field in it is %s',
    async (_what, syncErrors) => {
      const body = withField(syncErrors);
      const request = () => aBusiness().bulk([], { body });
      const { body: problem } = await expectRefused(service, request, [400, 'invalid-request']);
      expect(problem.errors[0].error).toMatch(/^too-(deep|many-members)$/);
    },
  );

  it('handles the same _id twice as if one came after the other', async () => {
    const business = aBusiness();
    const _id = aBusinessId();
    const answer = await business.bulk([
      { create: aCustomer({ _id }) },
      { change: { _id, note: 'second' } },
      { delete: { _id } },
      { change: { _id, state: 'active' } },
      { delete: { _id } },
    ]);
    expect(statusesOf(answer)).toEqual([201, 200, 200, 200, 200]);
    expect((await business.get(_id)).body).toMatchObject({ _version: '4', note: 'second', state: 'deleted' });
  });

  it('leaves what the same requests one by one leave', async () => {
    const step = fc.record({
      kind: fc.constantFrom('create', 'change', 'delete'),
      whom: fc.nat({ max: 3 }),
      email: fc.constantFrom('a@b.example', 'c@d.example', 'wrong'),
      state: fc.constantFrom(undefined, 'active', 'archived', 'suspended'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
        const played = async (play: (business: Business, operations: any[]) => Promise<number[]>) => {
          const business = aBusiness();
          const ids = Array.from({ length: 4 }, () => aBusinessId());
          const operations = steps.map(({ kind, whom, email, state }) => {
            const body = { _id: ids[whom]!, firstName: kind, email, state, customerType: 'new' };
            return { [kind]: kind === 'delete' ? { _id: body._id } : body };
          });
          const statuses = await play(business, operations);
          const left = await Promise.all(ids.map((id) => business.get(id)));
          return [statuses, left.map(({ status, body }) => [status, body.email, body.state, body._version])];
        };
        const inBulk = await played(async (business, operations) =>
          statusesOf(await business.bulk(operations)),
        );
        const alone = await played(async (business, operations) => {
          const statuses: number[] = [];
          for (const { create, change, delete: gone } of operations) {
            if (create) statuses.push((await business.create(create)).status);
            if (change) statuses.push((await business.change(change._id, change)).status);
            if (gone) statuses.push((await business.delete(gone._id)).status);
          }
          return statuses;
        });
        expect(inBulk).toEqual(alone);
      }),
      { numRuns: 8, seed: SEED },
    );
  });
});

describe('in a bulk', () => {
  it('an operation that is refused for whom it is about leaves a trace of it, as by itself', async () => {
    const business = aBusiness();
    const foreign = await added(aBusiness());
    const [entry, ...others] = await accessesBy(() =>
      business.bulk([{ change: { _id: foreign._id, note: 'x' } }]),
    );
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      message: 'access-denied',
      useCase: 'apply-operations',
      code: 'customer-not-found',
      customers: [foreign._id],
    });
  });

  it('each operation counts as a request: what is above the limit is refused as a whole, and nothing is done', async () => {
    limitBusinesses({ perSecond: 0.01, burst: 10 });
    const business = aBusiness();
    const creates = (length: number) => Array.from({ length }, () => ({ create: aCustomer() }));
    expect(statusesOf(await business.bulk(creates(6)))).toEqual(Array(6).fill(201));
    const refused = await expectRefused(service, () => business.bulk(creates(6), withKey()), [
      429,
      'rate-limited',
    ]);
    // Two more are missing, at one in 100 seconds.
    const retryAfter = Number(refused.headers['retry-after']);
    expect(retryAfter).toBeGreaterThan(100);
    expect(retryAfter).toBeLessThanOrEqual(200);
    expect(statusesOf(await business.bulk(creates(4)))).toEqual(Array(4).fill(201));
  });

  it('100 operations are admitted where the burst is smaller, and what follows waits until they are paid', async () => {
    limitBusinesses({ perSecond: 1, burst: 5 });
    const business = aBusiness();
    const operations = Array.from({ length: 100 }, () => ({ delete: { _id: aBusinessId() } }));
    const answer = await business.bulk(operations, { remainingMs: 29_000 });
    expect(statusesOf(answer)).toEqual(Array(100).fill(200));
    const next = await business.get(aBusinessId());
    expectProblem(next, 429, 'rate-limited');
    expect(Number(next.headers['retry-after'])).toBeGreaterThan(60);
  });

  it('a bulk that cannot be read counts as one request', async () => {
    limitBusinesses({ perSecond: 0.01, burst: 2 });
    const business = aBusiness();
    expectProblem(await business.bulk([]), 400, 'invalid-request');
    expect((await business.settings()).status).toBe(200);
    expectProblem(await business.settings(), 429, 'rate-limited');
  });

  it('what there is no time for is answered 503 in its result, and done when it comes again', async () => {
    const business = aBusiness();
    const operations = Array.from({ length: 100 }, () => ({ create: aCustomer() }));
    const key = withKey();
    const first = await business.bulk(operations, { ...key, remainingMs: 1_100 });
    const done = statusesOf(first).filter((status) => status === 201).length;
    expect(first.status).toBe(200);
    expect(statusesOf(first)).toEqual([...Array(done).fill(201), ...Array(100 - done).fill(503)]);
    expect(
      await countIn(service, 'customer_link', { businessId: business.businessId }),
    ).toBeGreaterThanOrEqual(done);
    const second = await business.bulk(operations, { ...key, remainingMs: 29_000 });
    expect(second.headers['idempotent-replayed']).toBeUndefined();
    expect(new Set(statusesOf(second))).toEqual(new Set([201]));
    expect(second.body.results.slice(0, done)).toEqual(first.body.results.slice(0, done));
    expect(await countIn(service, 'customer_link', { businessId: business.businessId })).toBe(100);
  });
});

describe('a bulk with an Idempotency-Key', () => {
  it('is replayed byte for byte, refusals too', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const operations = [
      { create: aCustomer() },
      { create: aCustomer({ email: 'x' }) },
      { change: { _id, note: 'n' } },
    ];
    const key = withKey();
    const first = await business.bulk(operations, key);
    await business.change(_id, { note: 'later' });
    const again = await expectNothingWritten(service, () => business.bulk(operations, key));
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('is refused with another payload', async () => {
    const business = aBusiness();
    const key = withKey();
    await business.bulk([{ create: aCustomer() }], key);
    await expectRefused(service, () => business.bulk([{ create: aCustomer() }], key), [
      422,
      'idempotency-key-reused',
    ]);
  });

  it('that broke off when its environment was killed is not doubled, and undoes nothing done since', async () => {
    const business = aBusiness();
    const keyring = aKeyring();
    const uri = process.env['MONGODB_URI']!;
    const customers = { businessId: business.businessId };
    const operations = Array.from({ length: 60 }, () => ({ create: aCustomer() }));
    const request = { ...customers, ...withKey(), body: { operations }, remainingMs: 29_000 };
    const doomed = await startEnvironment(uri, keyring);
    const broken = doomed.call('apply-operations', request).then(
      () => 'answered',
      () => 'killed',
    );
    while ((await countIn(service, 'customer_link', customers)) < 10) await pause(2);
    await doomed.kill();
    expect(await broken).toBe('killed');
    const [{ customerId }] = await documentsIn(service, 'customer_link', customers);
    const next = await startEnvironment(uri, keyring);
    const id = String(customerId);
    await next.call('change-customer', { ...customers, id, body: { note: 'later' } });
    // What it was writing may be kept from others until the database ends its transaction: told 503, one asks again.
    let answer = await next.call('apply-operations', request);
    while (statusesOf(answer).includes(503)) answer = await next.call('apply-operations', request);
    expect(new Set(statusesOf(answer))).toEqual(new Set([201]));
    expect((await next.call('get-customer', { ...customers, id })).body.note).toBe('later');
    expect((await next.call('apply-operations', request)).text).toBe(answer.text);
    await next.stop();
    expect(await countIn(service, 'customer_link', customers)).toBe(60);
  });

  it('sent many times at once has one effect and one answer', async () => {
    const business = aBusiness();
    const operations = Array.from({ length: 5 }, () => ({ create: aCustomer() }));
    const key = withKey();
    const ask = async (): Promise<Answer> => {
      const answer = await business.bulk(operations, key);
      const isBusy = answer.status === 409 || codesOf(answer).includes('request-in-progress');
      return isBusy ? await ask() : answer;
    };
    const answers = await Promise.all(Array.from({ length: 5 }, ask));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await countIn(service, 'customer_link', { businessId: business.businessId })).toBe(5);
  });
});

describe('a bulk as a dry run', () => {
  it('answers what would be answered, known doubles too, and writes nothing', async () => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    const operations = [
      { create: aCustomer() },
      { create: aCustomer({ email }) },
      { change: { _id, note: 'dry' } },
      { delete: { _id } },
      { change: { _id: aBusinessId(), note: 'x' } },
    ];
    const body = { operations, dryRun: true };
    const dry = await expectNothingWritten(service, () => business.bulk([], { body, ...withKey() }));
    expect(statusesOf(dry)).toEqual([201, 409, 200, 200, 404]);
    expect(codesOf(dry)[1]).toBe('duplicate-email');
    expect(dry.body.results[2].customer).toMatchObject({ note: 'dry', _version: '1' });
    expect(statusesOf(await business.bulk(operations))).toEqual([201, 409, 200, 200, 404]);
  });

  it('does not see what earlier operations of the same bulk would do', async () => {
    const _id = aBusinessId();
    const operations = [{ create: aCustomer({ _id }) }, { change: { _id, note: 'x' } }];
    const dry = await aBusiness().bulk([], { body: { operations, dryRun: true } });
    expect(statusesOf(dry)).toEqual([201, 404]);
  });
});
