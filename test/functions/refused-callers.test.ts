import { beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { accessesIn } from '#test/support/access-lines.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { handlerOf } from '#test/support/routes.ts';
import { type Answer, aBusinessId, call, useService } from '#test/support/service.ts';
import { countIn } from '#test/support/stored.ts';
import { commandsOf } from '#test/support/wire/probe.ts';

const service = useService('refused-callers');
const AMPLE = process.env['REFUSALS_PER_MINUTE'];
beforeEach(() => {
  process.env['REFUSALS_PER_MINUTE'] = '';
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
});
afterEach(() => {
  process.env['REFUSALS_PER_MINUTE'] = AMPLE ?? '1000000';
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
});

/** The valid token of a person who belongs to another business. */
const strangerTo = (business: ReturnType<typeof aBusiness>, sub: string, home = aBusinessId()) =>
  business.as({ claims: { sub, business_roles: `${home}:OWNER` } });

const tallied = (answers: readonly Answer[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(answers, ({ status, body }) => `${String(status)} ${String(body.code)}`)].map(
      ([kind, { length }]) => [kind, length],
    ),
  );

describe('a stranger with a valid token', () => {
  it('gets 60 refusals in 1,500 calls, then 429, and leaves nothing in the record of the business', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const eve = strangerTo(business, 'eve');
    const answers: Answer[] = [];
    const lines = await linesWrittenBy(async () => {
      for (let request = 0; request < 1_500; request += 1) answers.push(await eve.get(_id));
    });
    expect(tallied(answers)).toEqual({ '403 not-a-member': 60, '429 rate-limited': 1_440 });
    expect(accessesIn(lines)).toEqual([]);
    expect(lines.filter((line) => line.includes(business.businessId))).toEqual([]);
    const strangers = lines
      .filter((line) => line.includes('stranger-refused'))
      .map((line) => JSON.parse(line));
    expect(strangers).toHaveLength(60);
    expect(strangers[0]).toMatchObject({ actor: 'eve', code: 'not-a-member', useCase: 'get-customer' });
    const metrics = metricsIn(lines);
    expect(metrics.filter((name) => name === 'StrangerRefused')).toHaveLength(60);
    expect(metrics.filter((name) => name === 'CallerDeniedOften')).toHaveLength(1);
    // Those who belong there notice nothing, and their business's own limit is untouched.
    expect((await business.get(_id)).status).toBe(200);
    expect(await countIn(service, 'question_budget')).toBe(0);
  });

  it('is told when to come again, as by every limit', async () => {
    const mallory = strangerTo(aBusiness(), 'mallory');
    for (let request = 0; request < 60; request += 1) await mallory.settings();
    const answer = await mallory.settings();
    expectProblem(answer, 429, 'rate-limited');
    const retryAfter = Number(answer.headers['retry-after']);
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(answer.headers).toMatchObject({ 'ratelimit-limit': '60', 'ratelimit-remaining': '0' });
    expect(answer.body.message).toMatch(
      /^Too many of your calls were refused\. Try again in \d+ seconds?\.$/,
    );
  });

  it('is then answered without the database, on every route and for every business', async () => {
    const business = aBusiness();
    const trent = strangerTo(business, 'trent');
    for (let request = 0; request < 61; request += 1) await trent.find();
    const commands = await commandsOf(async () => {
      for (const answer of [await trent.find(), await trent.delete(aBusinessId()), await trent.bulk([{}])])
        expectProblem(answer, 429, 'rate-limited');
      expectProblem(await aBusiness({ actor: 'trent' }).settings(), 429, 'rate-limited');
    });
    expect(commands).toEqual([]);
  });

  it('costs nobody else', async () => {
    const business = aBusiness();
    const loud = strangerTo(business, 'loud');
    for (let request = 0; request < 61; request += 1) await loud.settings();
    expectProblem(await strangerTo(business, 'other').settings(), 403, 'not-a-member');
    expect((await business.settings()).status).toBe(200);
  });
});

describe('a caller who is served', () => {
  it('spends nothing, in however many businesses', async () => {
    const businesses = Array.from({ length: 30 }, () => aBusinessId());
    const claims = { sub: 'machine', business_roles: businesses.map((id) => `${id}:SERVICE`).join(' ') };
    const handler = await handlerOf('find-customers');
    for (let round = 0; round < 3; round += 1)
      for (const businessId of businesses)
        expect((await call(handler, { businessId, claims })).status).toBe(200);
    expect(await countIn(service, 'refusal_budget', { _id: 'machine' })).toBe(0);
  });

  it('spends nothing by other refusals', async () => {
    const business = aBusiness({ actor: 'clumsy' });
    for (let request = 0; request < 70; request += 1) {
      expectProblem(await business.get(aBusinessId()), 404, 'customer-not-found');
      expectProblem(await business.get('no id'), 400, 'invalid-request');
    }
    expect(await countIn(service, 'refusal_budget', { _id: 'clumsy' })).toBe(0);
  });

  it('who may not do something spends its own budget, and each denial that is answered is on record', async () => {
    const business = aBusiness({ actor: 'curious', role: 'SUPPORT' });
    const answers: Answer[] = [];
    const lines = await linesWrittenBy(async () => {
      for (let request = 0; request < 80; request += 1) answers.push(await business.delete(aBusinessId()));
    });
    expect(tallied(answers)).toEqual({ '403 not-permitted': 60, '429 rate-limited': 20 });
    expect(accessesIn(lines)).toHaveLength(60);
    expect((await business.as({ actor: 'colleague' }).find()).status).toBe(200);
  });
});
