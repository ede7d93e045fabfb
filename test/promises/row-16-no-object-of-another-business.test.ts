import { beforeAll, describe, expect, it } from '@jest/globals';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { load, median } from '#test/bench/figures.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { makeDue } from '#test/support/due.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { goodRequest, handlerOf, routes } from '#test/support/routes.ts';
import {
  aBusinessId,
  type Answer,
  call,
  type Call,
  GATEWAY_ID,
  run,
  useService,
} from '#test/support/service.ts';
import { countIn, documentIn, expectNothingWritten } from '#test/support/stored.ts';
import { commandsOf } from '#test/support/wire/probe.ts';
import { shapeOf, touchesOf } from '#test/support/wire/touches.ts';

const service = useService('row-16');

type Person = Readonly<{ _id: string; email: string; phone: string }>;
/** One way to ask for somebody. */
type Question = Readonly<{ what: string; route: string; request: (person: Person) => Call }>;

const byId: Question[] = routes
  .filter(({ params }) => params !== undefined)
  .map(({ name }) => ({ what: name, route: name, request: ({ _id }) => goodRequest(name, _id) }));
const byContact: Question[] = (['email', 'phone'] as const).flatMap((field) => [
  {
    what: `look-up-customer by ${field}`,
    route: 'look-up-customer',
    request: (person) => ({ query: { [field]: person[field] } }),
  },
  {
    what: `find-customers by ${field}`,
    route: 'find-customers',
    request: (person) => ({ query: { phrase: person[field] } }),
  },
]);
const duplicatesOf: Question = {
  what: 'find-duplicates of one',
  route: 'find-duplicates',
  request: ({ _id }) => ({ query: { customerId: _id } }),
};
/** A PUT of a wrong shape asks whether the customer exists before it is refused. */
const changeOfAWrongShape: Question = {
  what: 'change-customer with a wrong shape',
  route: 'change-customer',
  request: ({ _id }) => ({ id: _id, body: { nick: 'changed' } }),
};
const QUESTIONS = [...byId, ...byContact, duplicatesOf, changeOfAWrongShape];
const STATES = ['active', 'deleted'] as const;

const nobody = (): Person => ({ ...aCustomer(), _id: aBusinessId() });
const somebodyElses = async (state: string): Promise<Person> => await added(aBusiness(), { state });

const asker = aBusiness();
const ask = async ({ route, request }: Question, person: Person): Promise<Answer> =>
  await call(await handlerOf(route), { businessId: asker.businessId, ...request(person) });

/** A text without what names one request or one person. */
const anonymous = (text: string, { _id, email, phone }: Person): string =>
  text
    .replaceAll(_id, '<id>')
    .replaceAll(email, '<email>')
    .replaceAll(phone, '<phone>')
    .replaceAll(
      /"(timestamp|requestId|invocationId|instance|durationMs|Timestamp)":("[^"]*"|\d+)/g,
      '"$1":"…"',
    );

/** Everything that shows of one question: to the asker, in the logs, and to the database. */
const trace = async (question: Question, person: Person) => {
  let answer: Answer | undefined;
  let lines: string[] = [];
  const commands = await commandsOf(async () => {
    lines = await linesWrittenBy(async () => {
      answer = await ask(question, person);
    });
  });
  const { 'x-request-id': id, ...headers } = answer?.headers ?? {};
  expect(id).toMatch(GATEWAY_ID);
  return {
    status: answer?.status,
    headers,
    body: anonymous(answer?.text ?? '', person),
    lines: lines.map((line) => anonymous(line, person)),
    commands: commands
      .flatMap((command) => (touchesOf(command) ?? []).map(shapeOf))
      .filter((shape) => !shape.includes('rate_limit')),
  };
};

describe('somebody of another business', () => {
  beforeAll(async () => {
    // What a first request reads and later ones remember is not what is compared.
    for (const question of QUESTIONS) await ask(question, nobody());
  });

  it.each(QUESTIONS.flatMap((question) => STATES.map((state) => ({ ...question, state }))))(
    '$what: who is $state there is answered, logged and looked for as who is nowhere, and nothing is done',
    async ({ state, ...question }) => {
      const foreign = await somebodyElses(state);
      const [one, other] = await expectNothingWritten(service, async () => [
        await trace(question, foreign),
        await trace(question, nobody()),
      ]);
      expect(one.lines.length).toBeGreaterThan(0);
      expect(one.commands.length).toBeGreaterThan(0);
      expect(one).toEqual(other);
    },
  );

  it('is not touched by a change or a patch that names its _id', async () => {
    const own = await added(asker);
    const foreign = await somebodyElses('active');
    const before = await documentIn(service, 'customer', { _id: foreign._id });
    for (const answer of [
      await asker.change(own._id, { _id: foreign._id, note: 'changed' }),
      await asker.patch(own._id, { _id: foreign._id, note: 'patched' }),
    ])
      expect([answer.status, answer.body._id]).toEqual([200, own._id]);
    expect(await documentIn(service, 'customer', { _id: foreign._id })).toEqual(before);
  });
});

describe('the one exception: a customer created with an _id that is taken', () => {
  it('hears only that, whether it lives elsewhere, is deleted there or gone for good', async () => {
    const other = aBusiness();
    const [living, deleted, purged] = [
      await added(other),
      await added(other, { state: 'deleted' }),
      await added(other),
    ];
    await makeDue(service, other, purged._id);
    await run(purge, { largestShare: 1 });
    expect(await countIn(service, 'erasure', { _id: purged._id })).toBe(1);
    const question: Question = {
      what: '',
      route: 'create-customer',
      request: ({ _id }) => ({ body: aCustomer({ _id }) }),
    };
    const traces = await expectNothingWritten(service, async () => [
      await trace(question, living),
      await trace(question, deleted),
      await trace(question, purged),
    ]);
    const heard = traces.map(({ commands: _commands, ...rest }) => rest);
    expect(JSON.parse(heard[0]?.body ?? '')).toMatchObject({ status: 400, code: 'id-taken' });
    expect(heard[1]).toEqual(heard[0]);
    expect(heard[2]).toEqual(heard[0]);
  });
});

describe('how long it takes', () => {
  const ROUNDS = sized({ short: 30, full: 1_000 });
  const PEOPLE = 10;

  it(
    'to answer for another business’s customer and for nobody',
    async () => {
      const ratios: string[] = [];
      const foreign = await Promise.all(
        Array.from({ length: PEOPLE }, (_, index) => somebodyElses(STATES[index % 2] ?? 'active')),
      );
      const unknown = foreign.map(nobody);
      for (const question of QUESTIONS) {
        const times = { foreign: [] as number[], unknown: [] as number[] };
        for (let round = 0; round < ROUNDS; round += 1) {
          const pair = [
            ['foreign', foreign[round % PEOPLE]],
            ['unknown', unknown[round % PEOPLE]],
          ] as const;
          for (const [kind, person] of Math.random() < 0.5 ? pair : pair.toReversed()) {
            if (person === undefined) throw new Error('There is nobody to ask for.');
            const startedAt = performance.now();
            await ask(question, person);
            times[kind].push(performance.now() - startedAt);
          }
        }
        const ratio = median(times.foreign) / median(times.unknown);
        expect(ratio).toBeGreaterThan(0);
        ratios.push(`${question.what} ${ratio.toFixed(2)}`);
      }
      report(
        16,
        `${String(QUESTIONS.length)} requests for customers of another business, live and deleted: answers, headers, ` +
          `log lines and database commands as for unknown customers; median time of ${String(ROUNDS)} each against unknown ones, ` +
          `in random order: ${ratios.join(', ')} (load ${load()})`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
