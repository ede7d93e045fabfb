import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { COUNTED_MS, MANY_DENIALS, MOST_MISSES } from '#lib/domain/access/exact-questions.ts';
import { type Role, ROLES } from '#lib/domain/access/scope.ts';
import { hiddenFrom } from '#lib/domain/access/hidden-fields.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';
import { addMany } from '#test/support/many-customers.ts';
import { passTime } from '#test/support/pass-time.ts';
import { PROOF_TIMEOUT_MS, report, sized, tally } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { type Answer, useService } from '#test/support/service.ts';
import { commandsOf } from '#test/support/wire/probe.ts';
import { shapeOf, touchesOf } from '#test/support/wire/touches.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('row-23-guesses');

const GUESSES = sized({ short: 240, full: 10_000 });
/** One guess of so many is right: an attacker who knows the names guesses well. */
const RIGHT_ONE_IN = 3;
const AT_ONCE = 20;

/** A role that sees masks is limited; there is one today. */
const MASKED_ROLES = ROLES.filter((role) => hiddenFrom(role).length > 0);
const KNOWN_PHONE = '48600100200';

const emailOf = (person: number): string => `canary.person${String(person)}@mail.example`;
const phoneOf = (lastDigits: number): string => `4851234${String(lastDigits).padStart(4, '0')}`;

/** The numbers below `count` in an order that the seed decides. */
const shuffled = (count: number): number[] => {
  const weight = (number: number): number => (Math.sin((number + 1) * (1 + (SEED % 10_007))) * 1e4) % 1;
  return Array.from({ length: count }, (_, number) => number).sort(
    (one, other) => weight(one) - weight(other),
  );
};

/** Every way to ask whose email it is. The last one always finds somebody, by a phone that the attacker knows. */
const WAYS: readonly ((email: string, asking: Business) => Promise<Answer>)[] = [
  (email, asking) => asking.lookUp({ email }),
  (email, asking) => asking.find({ phrase: email }),
  (email, asking) => asking.find({ phrase: `canary ${email.toUpperCase()}`, page: '7', state: 'active' }),
  (email, asking) => asking.lookUp({ email, phone: KNOWN_PHONE }),
];

type Told = 'hit' | 'miss' | 'denied';

/** What the answer to a guess tells the attacker. */
const toldBy = ({ status, body }: Answer, knownId: string): Told => {
  if (status === 429) return 'denied';
  const found = status === 200 && (body.totalSize ?? 1) > 0 && body._id !== knownId;
  return found ? 'hit' : 'miss';
};

describe.each(MASKED_ROLES)('a person with the role %s who guesses what the masks hide', (role: Role) => {
  const business = aBusiness();
  let knownId: string;
  beforeAll(async () => {
    knownId = (await added(business, { email: 'canary.known@mail.example', phone: KNOWN_PHONE }))._id;
    await addMany(business.businessId, Math.ceil(GUESSES / RIGHT_ONE_IN), (index) => ({
      firstName: 'Canary',
      lastName: `Person${String(index * RIGHT_ONE_IN)}`,
      email: emailOf(index * RIGHT_ONE_IN),
    }));
  }, PROOF_TIMEOUT_MS);
  const attacker = (): Business => business.as({ role, actor: `guesser-${randomBytes(4).toString('hex')}` });

  it(
    `learns at most ${String(MOST_MISSES)} an hour, in whatever way the question is asked`,
    async () => {
      const asking = attacker();
      const hours: Record<Told, number>[] = [{ hit: 0, miss: 0, denied: 0 }];
      for (const person of shuffled(GUESSES)) {
        const ask = async (): Promise<Told> =>
          toldBy(await WAYS[person % WAYS.length]!(emailOf(person), asking), knownId);
        let told = await ask();
        hours.at(-1)![told] += 1;
        if (told === 'denied') {
          await passTime(service, business.businessId, COUNTED_MS);
          told = await ask();
          hours.push({ hit: 0, miss: 0, denied: 0, [told]: 1 });
        }
        expect(told).toBe(person % RIGHT_ONE_IN === 0 ? 'hit' : 'miss');
      }
      const whole = hours.slice(0, -1);
      for (const { miss } of whole) {
        expect(miss).toBeLessThanOrEqual(MOST_MISSES);
        // The last miss may be of an email whose phone was denied.
        expect(miss).toBeGreaterThanOrEqual(MOST_MISSES - 1);
      }
      const hits = whole.reduce((sum, { hit }) => sum + hit, 0) / whole.length;
      expect(whole.length).toBeGreaterThan(5);
      expect(hits).toBeLessThanOrEqual(MOST_MISSES);
      report(
        23,
        `an attacker with ${String(GUESSES)} guesses, one in ${String(RIGHT_ONE_IN)} right, seed ${String(SEED)}: ` +
          `${hits.toFixed(1)} hits and at most ${String(MOST_MISSES)} misses an hour, in ${String(whole.length)} hours`,
      );
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'learns no more by asking all at the same time: four unknown digits of a phone',
    async () => {
      const [asking, right] = [attacker(), SEED % GUESSES];
      await added(business, { phone: phoneOf(right) });
      const answers: Answer[] = [];
      const guesses = shuffled(GUESSES);
      while (guesses.length > 0) {
        const asked = guesses.splice(0, AT_ONCE);
        answers.push(
          ...(await Promise.all(asked.map((digits) => asking.lookUp({ phone: phoneOf(digits) })))),
        );
      }
      const told = answers.map((answer) => toldBy(answer, knownId));
      expect(told.filter((one) => one === 'miss')).toHaveLength(MOST_MISSES);
      expect(told.filter((one) => one === 'hit').length).toBeLessThanOrEqual(1);
      report(23, `${String(GUESSES)} guesses of a phone, ${String(AT_ONCE)} at a time: ${tally(answers)}`);
    },
    PROOF_TIMEOUT_MS,
  );

  it('is answered 429 with when to try again, before anything is looked up, and for a right guess too', async () => {
    const asking = attacker();
    for (let miss = 0; miss < MOST_MISSES; miss += 1)
      expectProblem(
        await asking.lookUp({ email: `nobody-${String(miss)}@x.example` }),
        404,
        'customer-not-found',
      );
    const email = emailOf(0);
    for (const way of WAYS) {
      const asked = await commandsOf(async () => {
        const answer = await way(email, asking);
        expectProblem(answer, 429, 'rate-limited');
        const retryAfter = Number(answer.headers['retry-after']);
        expect(retryAfter).toBeGreaterThan(3_000);
        expect(retryAfter).toBeLessThanOrEqual(3_600);
        expect(answer.text).not.toContain(email);
      });
      const shapes = asked.flatMap((command) => (touchesOf(command) ?? []).map(shapeOf));
      expect(shapes.filter((shape) => !shape.includes('rate_limit'))).toEqual([]);
    }
    expect((await asking.find({ phrase: 'canary person0' })).body.totalSize).toBe(1);
    expect((await attacker().lookUp({ email })).status).toBe(200);
  });

  it('sets off the alarm once, by a line that names the caller and the business and no guess', async () => {
    process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
    const asking = attacker();
    const lines = await linesWrittenBy(async () => {
      for (let guess = 0; guess < MOST_MISSES + MANY_DENIALS + 5; guess += 1)
        await asking.lookUp({ email: `canary.guess${String(guess)}@mail.example` });
    });
    const reports = lines
      .filter((line) => line.includes('caller-denied-often'))
      .map((line) => JSON.parse(line));
    expect(reports).toMatchObject([{ limit: 'misses', businessId: business.businessId }]);
    expect(reports[0].actor).toMatch(/^guesser-/);
    expect(metricsIn(lines).filter((name) => name === 'CallerDeniedOften')).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('canary.guess');
  });
});

describe('who looks up callers all day', () => {
  it('is not limited while they are found, though masks are seen', async () => {
    const business = aBusiness();
    const { email, phone } = await added(business);
    const desk = business.as({ role: 'SUPPORT' });
    for (let calls = 0; calls < MOST_MISSES; calls += 1) {
      expect((await desk.lookUp({ phone })).status).toBe(200);
      expect((await desk.find({ phrase: email })).body.totalSize).toBe(1);
    }
    expectProblem(await desk.lookUp({ email: 'nobody@x.example' }), 404, 'customer-not-found');
  });

  it('is not limited at all in a role that sees no masks, and pays no command for it', async () => {
    const business = aBusiness();
    for (const role of ['OWNER', 'SPECIALIST', 'SERVICE'] as const) {
      const commands = await commandsOf(async () => {
        for (let miss = 0; miss <= MOST_MISSES; miss += 1) {
          const answer = await business.lookUp({ email: `nobody-${String(miss)}@x.example` }, { role });
          expectProblem(answer, 404, 'customer-not-found');
        }
      });
      expect(inspect(commands, { depth: null })).not.toContain('exactQuestions');
    }
  });
});
