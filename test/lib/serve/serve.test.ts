import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type AnswerOf, defineRoute, ok } from '#lib/contract/route.ts';
import { serve } from '#lib/serve/serve.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { aBusinessId, call } from '#test/support/service.ts';

const contract = defineRoute({
  name: 'count',
  summary: 'Count',
  method: 'GET',
  path: '/count',
  impact: 'nobody counts',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: [],
  answers: { 200: z.object({ count: z.int(), email: z.string().optional() }) },
  problems: [],
});
type Count = AnswerOf<typeof contract>;

const asking = (steps: () => Promise<Count>, remainingMs?: number, role = 'OWNER') =>
  call(serve(contract, steps), {
    businessId: aBusinessId(),
    role,
    ...(remainingMs !== undefined && { remainingMs }),
  });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('serve', () => {
  it('lets only declared fields leave', async () => {
    const { status, body } = await asking(() => Promise.resolve(ok({ count: 1, secret: 'canary' })));
    expect([status, body]).toEqual([200, { count: 1 }]);
  });

  it('answers 500 to an answer that is not as the contract says', async () => {
    const answer = await asking(() => Promise.resolve(ok({ count: 'canary' as unknown as number })));
    expectProblem(answer, 500, 'internal-error');
    expect(answer.text).not.toContain('canary');
  });

  it('answers 500 with a status that the contract does not have', async () => {
    const answer = await asking(() =>
      Promise.resolve({ status: 201, body: { count: 1 } } as unknown as Count),
    );
    expectProblem(answer, 500, 'internal-error');
  });

  it('masks for those who may see the field only masked', async () => {
    const answer = () => Promise.resolve(ok({ count: 1, email: 'anna@example.com' }));
    expect((await asking(answer, 10_000, 'SUPPORT')).body.email).toBe('a•••@•••.com');
  });

  it('tries again from the start while somebody else writes first', async () => {
    let tries = 0;
    const { body } = await asking(() => {
      tries += 1;
      return tries < 4 ? Promise.reject(new Conflict('again')) : Promise.resolve(ok({ count: tries }));
    });
    expect(body.count).toBe(4);
  });

  it('gives each attempt a scope of its own, so that nothing staged is left over', async () => {
    const scopes = new Set<unknown>();
    const handler = serve(contract, (_request, scope) => {
      scopes.add(scope);
      return scopes.size < 3 ? Promise.reject(new Conflict('again')) : Promise.resolve(ok({ count: 1 }));
    });
    await call(handler, { businessId: aBusinessId() });
    expect(scopes.size).toBe(3);
  });

  it('answers 503 at its deadline and stops trying then', async () => {
    let tries = 0;
    const answer = await asking(() => {
      tries += 1;
      return Promise.reject(new Conflict('always'));
    }, 700);
    expectProblem(answer, 503, 'database-unavailable');
    expect(answer.headers['retry-after']).toBe('1');
    const triesAtAnswer = tries;
    await pause(300);
    expect(tries).toBe(triesAtAnswer);
  });

  it.each([0, 1, 200, 300])('answers 503 at once when only %i ms are granted', async (remainingMs) => {
    const answer = await asking(() => new Promise<Count>(() => undefined), remainingMs);
    expectProblem(answer, 503, 'database-unavailable');
  });
});
