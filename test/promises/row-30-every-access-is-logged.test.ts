import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { Types } from 'mongoose';
import { isPermitted } from '#lib/contract/permissions.ts';
import type { Route } from '#lib/contract/route.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { accessesIn, withoutRequestIds } from '#test/support/access-lines.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { arranged, goodRequest, handlerOf, isOfTwo, routes } from '#test/support/routes.ts';
import { aBusinessId, type Answer, call, type Call, useService } from '#test/support/service.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('row-30');
const CALLS = sized({ short: 400, full: 5_000 });

/** What a call left behind: entries of the access log, and entries in the histories of its business. */
type Trace = Readonly<{
  answer: Answer;
  entries: any[];
  recorded: any[];
  lines: readonly string[];
  text: string;
}>;

const historiesOf = ({ businessId }: Business) =>
  service.database
    .collection('customer_audit')
    .find({ businessId: new Types.ObjectId(businessId) })
    .sort({ _id: 1 })
    .toArray();

const withoutBytes = (entry: object): object =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value?._bsontype !== 'Binary'));

const traceOf = async (business: Business, steps: () => Promise<Answer>): Promise<Trace> => {
  const before = await historiesOf(business);
  let answer: Answer | undefined;
  const lines = await linesWrittenBy(async () => {
    answer = await steps();
  });
  const recorded = (await historiesOf(business)).slice(before.length);
  // Hashes and ids are random letters, and may spell a short name.
  const text = withoutRequestIds(JSON.stringify([lines, recorded.map(withoutBytes)]));
  return { answer: answer!, entries: accessesIn(lines), recorded, lines, text };
};

/** Parts of the data that every customer here carries. */
const CANARIES = /canary|@example|\b481\d{8}\b|Anna/i;

/** Subjects that a line could not hold, or that are names of our own. */
const UNUSABLE_SUBJECTS = [
  ...['', ' ', 'two words', 'line\nbreak', 'tab\t', 'żaneta', 'Анна', '\u200b', 'x'.repeat(256), '\u007f'],
  ...['operator:alice', 'OPERATOR:alice', 'event:1', 'task:purge-deleted-customers', 'operator:'],
];

/** Whether the good request of a route only reads, also as a POST. */
const reads = ({ method, onlyReads, alsoReads }: Route): boolean =>
  method === 'GET' || onlyReads === true || alsoReads === true;

type Outcome = 'read' | 'changed' | 'unchanged' | 'replayed' | 'denied';
/** Exactly one entry, with everything that the contract and the answer say; a change of a customer in its history. */
const expectAccounted = (route: Route, { answer, entries, recorded, text }: Trace, outcome: Outcome) => {
  expect(text).not.toMatch(CANARIES);
  // A recall asks only: what comes back is in the history then. Settings and segments are no customer's.
  const isInNoHistory = /settings|segment|recall-customer/.test(route.name);
  if (outcome === 'changed' && !isInNoHistory) {
    expect([entries, recorded.length]).toEqual([[], isOfTwo(route.name) ? 2 : 1]);
    const { purpose } = route;
    // What a bulk did stands in the histories as what it was.
    const action = route.name === 'apply-operations' ? 'change-customer' : route.name;
    for (const entry of recorded) {
      expect(entry).toMatchObject({ actor: 'ola', role: 'OWNER', purpose });
      expect(entry.requestId).toBe(answer.headers['x-request-id']);
    }
    expect(recorded.map((entry) => entry.action)).toContain(action);
    return;
  }
  const results = answer.body?.results?.map(({ customer, attendee }: any) => customer ?? attendee.customer);
  const { customer, loser, restored, object } = answer.body;
  const other = loser ?? restored;
  const both = other === undefined ? undefined : [customer, other];
  const shown =
    answer.body?.items ??
    results ??
    both ??
    (['CustomerExport', 'AttendeeDto'].includes(object) ? [customer, answer.body] : [answer.body]);
  const fields = [...new Set(shown.flatMap((each: object) => Object.keys(each)))];
  expect([entries.length, recorded]).toEqual([1, []]);
  expect(entries[0]).toMatchObject({
    message: outcome === 'denied' ? 'access-denied' : 'customer-accessed',
    requestId: answer.headers['x-request-id'],
    useCase: route.name,
    purpose: route.purpose,
    actor: 'ola',
    business: expect.stringMatching(/^[0-9a-f]{24}$/),
    outcome,
    status: answer.status,
    fields: outcome === 'denied' ? [] : fields,
  });
  if (outcome === 'denied') expect(entries[0].code).toBe(answer.body.code);
};

/** Makes it look as if the archive had a part of a customer: otherwise a recall has no effect. */
const sendAway = async (businessId: string, id: string): Promise<void> => {
  const customerId = new Types.ObjectId(id);
  await service.database.collection('customer_link').updateOne({ customerId }, { $set: { away: true } });
  await service.database
    .collection('archive')
    .insertOne({ _id: customerId, businessId: new Types.ObjectId(businessId), step: 'away' });
};

/** Somebody's business with one customer, and the good request of a route there. */
const aScene = async ({ name }: Route) => {
  const business = aBusiness({ actor: 'ola' });
  const customer = await added(business);
  if (name === 'restore-customer') await business.delete(customer._id);
  if (name === 'release-legal-hold') await business.placeHold(customer._id);
  const handler = await handlerOf(name);
  const arrangedCall: Call = await arranged(name, business, customer._id);
  const good = { businessId: business.businessId, actor: 'ola', ...arrangedCall };
  if (name === 'look-up-customer') good.query = { email: customer.email };
  const whom = isOfTwo(name) ? [customer._id, (good.body as { loserId: string }).loserId] : [customer._id];
  return { business, whom, good, ask: (request: Call = {}) => call(handler, { ...good, ...request }) };
};

/** Whether a route has no effect, whatever its method. */
const isRead = ({ method, onlyReads }: Route): boolean => method === 'GET' || onlyReads === true;

const named = (wanted: (route: Route) => boolean) =>
  routes.filter(wanted).map((route) => [route.name, route] as const);
let proven = 0;
const count = () => {
  proven += 1;
};

describe('every access is logged', () => {
  it.each(named(() => true))('%s: served, one entry', async (_name, route) => {
    const { business, ask, whom: asked } = await aScene(route);
    if (route.name === 'recall-customer') await sendAway(business.businessId, asked[0]);
    const trace = await traceOf(business, () => ask());
    expect([200, 201, 202]).toContain(trace.answer.status);
    expectAccounted(route, trace, reads(route) ? 'read' : 'changed');
    const whom = trace.entries[0]?.customers ?? trace.recorded.map(({ customerId }) => String(customerId));
    // One customer alone has no duplicates.
    const isAboutNobody = /settings|statistics|duplicates|segment/.test(route.name);
    const { _id } = trace.answer.body;
    expect([...whom].sort()).toEqual(isAboutNobody ? [] : _id === undefined ? asked.sort() : [_id]);
    count();
  });

  // A second segment of the same name is refused.
  const mayHaveNone = (route: Route): boolean => !isRead(route) && route.name !== 'create-segment';
  it.each(named(mayHaveNone))('%s: without effect, one entry', async (name, route) => {
    const { business, ask, good } = await aScene(route);
    const more =
      name === 'create-customer' ? { _id: aBusinessId() } : isOfTwo(name) ? { dryRun: true } : null;
    const again = more === null ? {} : { body: { ...(good.body as object), ...more } };
    await ask(again);
    const outcome = reads(route) ? 'read' : 'unchanged';
    expectAccounted(route, await traceOf(business, () => ask(again)), outcome);
    count();
  });

  const isKept = (route: Route): boolean => route.method === 'POST' && !isRead(route);
  it.each(named(isKept))('%s: replayed, one entry', async (_name, route) => {
    const { business, ask, good, whom } = await aScene(route);
    if (route.name === 'recall-customer') await sendAway(business.businessId, whom[0]);
    const headers = { ...good.headers, 'idempotency-key': randomUUID() };
    await ask({ headers });
    // What changes nothing is not recorded.
    const outcome = reads(route) ? 'read' : 'replayed';
    expectAccounted(route, await traceOf(business, () => ask({ headers })), outcome);
    count();
  });

  it.each(named(() => true))(
    '%s: by somebody from elsewhere, no entry of the business, one line of the subject',
    async (name, route) => {
      const { business, ask } = await aScene(route);
      const claims = { sub: 'ola', business_roles: `${aBusinessId()}:OWNER` };
      const trace = await traceOf(business, () => ask({ claims }));
      expect(trace.answer.body.code).toBe('not-a-member');
      expect([trace.entries, trace.recorded]).toEqual([[], []]);
      const strangers = trace.lines.filter((line) => line.includes('"stranger-refused"'));
      expect(strangers.map((line) => JSON.parse(line))).toEqual([
        expect.objectContaining({ actor: 'ola', useCase: name, code: 'not-a-member' }),
      ]);
      expect(strangers.join()).not.toContain(business.businessId);
      expect(trace.text).not.toMatch(CANARIES);
      count();
    },
  );

  it.each(
    routes.flatMap((route) =>
      ROLES.filter((role) => !isPermitted(role, route.permission!)).map(
        (role) => [route.name, role, route] as const,
      ),
    ),
  )('%s: forbidden to %s, one entry', async (_name, role, route) => {
    const { business, ask } = await aScene(route);
    const trace = await traceOf(business, () => ask({ role }));
    expect(trace.answer.body.code).toBe('not-permitted');
    expectAccounted(route, trace, 'denied');
    expect(trace.entries[0].role).toBe(role);
    count();
  });

  it.each(named(() => true))('%s: by somebody whom no line could name, one entry', async (_name, route) => {
    const { business, ask } = await aScene(route);
    for (const sub of UNUSABLE_SUBJECTS) {
      const claims = { sub, business_roles: `${business.businessId}:OWNER` };
      const { answer, entries, recorded, text } = await traceOf(business, () => ask({ claims }));
      expect([answer.status, answer.body.code, recorded]).toEqual([403, 'unusable-subject', []]);
      expect(entries).toEqual([
        expect.objectContaining({ message: 'access-denied', code: 'unusable-subject', role: 'OWNER' }),
      ]);
      expect(entries[0]).not.toHaveProperty('actor');
      expect(text).not.toContain('[withheld]');
      count();
    }
  });

  it('every other subject is named as it is, in the log and in the history', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    for (const sub of [
      'a',
      'auth0|5f1d',
      'x'.repeat(255),
      '~!"#$%&\'()*+,/:;<=>?@[]^`{}',
      'myoperator:a',
      'operators',
    ]) {
      const claims = { sub, business_roles: `${business.businessId}:OWNER` };
      const read = await traceOf(business, () => business.get(_id, { claims }));
      expect([read.answer.status, read.entries[0].actor]).toEqual([200, sub]);
      const changed = await traceOf(business, () => business.change(_id, { note: randomUUID() }, { claims }));
      expect([changed.answer.status, changed.recorded[0].actor]).toEqual([200, sub]);
      expect(read.text + changed.text).not.toContain('[withheld]');
      count();
    }
  });

  it.each(named(({ problems }) => problems.includes('customer-not-found')))(
    '%s: of nobody or of another business’s customer, one entry',
    async (name, route) => {
      const { business, ask } = await aScene(route);
      const foreign = await added(aBusiness());
      for (const id of [aBusinessId(), foreign._id]) {
        const query = name === 'find-duplicates' ? { customerId: id } : { email: foreign.email };
        const whom = route.params === undefined ? { query } : { id };
        const trace = await traceOf(business, () => ask(whom));
        expect(trace.answer.status).toBe(404);
        expectAccounted(route, trace, 'denied');
        expect(trace.entries[0].customers).toEqual(route.params === undefined ? [] : [id]);
        count();
      }
    },
  );

  it.each(named(() => true))('%s: asked wrongly, no entry', async (_name, route) => {
    const { business, ask } = await aScene(route);
    const wrong: Call[] = [{ businessId: undefined, claims: {} }];
    const noId = 'canary@example.com';
    if (route.params !== undefined) wrong.push({ id: noId, path: { segmentId: noId } });
    if (route.body !== undefined) wrong.push({ body: { surplus: 1 } }, { body: '{' });
    if (route.name === 'find-customers') wrong.push({ query: { pageSize: '0' } });
    for (const request of wrong) {
      const { answer, entries, recorded, text } = await traceOf(business, () => ask(request));
      expect([answer.status, entries, recorded]).toEqual([400, [], []]);
      expect(text).not.toMatch(CANARIES);
      count();
    }
  });

  it('every route and outcome was tried', () => {
    report(
      30,
      `${String(proven)} outcomes of ${String(routes.length)} routes: one entry each, or none where none is due`,
    );
    expect(proven).toBeGreaterThan(routes.length * 5);
  });
});

/** One call of somebody, decided by chance: who, which route, of whom, and what is wrong with it. */
const someCall = fc.record({
  route: fc.constantFrom(...routes),
  role: fc.constantFrom(...ROLES, 'OWNER', 'OWNER', 'OWNER'),
  whom: fc.nat({ max: 19 }),
  flaw: fc.constantFrom('none', 'none', 'none', 'unknown', 'foreign', 'malformed', 'outsider', 'duplicate'),
  key: fc.option(fc.nat({ max: 5 })),
});
type SomeCall = typeof someCall extends fc.Arbitrary<infer T> ? T : never;

const flawed = ({ flaw, route }: SomeCall, { foreign, email }: { foreign: string; email: string }): Call => {
  if (flaw === 'unknown') return { id: aBusinessId() };
  if (flaw === 'foreign') return { id: foreign };
  if (flaw === 'malformed') return route.body === undefined ? { id: 'x' } : { body: '{' };
  if (flaw === 'outsider') return { claims: { sub: 'eve', business_roles: `${foreign}:OWNER` } };
  if (flaw === 'duplicate' && route.name === 'create-customer') return { body: aCustomer({ email }) };
  return {};
};

/** Whether an answer is on the record of the business: not what a stranger is told, but a duplicate that names who has the email. */
const isAccess = ({ status, body }: Answer): boolean =>
  ([200, 201, 403, 404].includes(status) && body.code !== 'not-a-member') || body.existing !== undefined;

describe('after many calls of all kinds', () => {
  it(
    'there are as many entries as there were accesses, each of another request',
    async () => {
      const business = aBusiness();
      const customers = await Promise.all(Array.from({ length: 20 }, () => added(business)));
      const foreign = (await added(aBusiness()))._id;
      const handlers = new Map(
        await Promise.all(routes.map(async ({ name }) => [name, await handlerOf(name)] as const)),
      );
      const before = (await historiesOf(business)).length;
      const answers: Answer[] = [];
      const lines = await linesWrittenBy(async () => {
        for (const random of fc.sample(someCall, { numRuns: CALLS, seed: SEED })) {
          const { route, role, key, whom } = random;
          const { _id, email } = customers[whom];
          const good = { role, businessId: business.businessId, ...goodRequest(route.name, _id) };
          const headers = { ...good.headers, ...(key !== null && { 'idempotency-key': String(key) }) };
          const request = { ...good, headers, ...flawed(random, { foreign, email }) };
          if (request.id !== undefined && route.params === undefined) delete request.id;
          answers.push(await call(handlers.get(route.name), request));
        }
      });
      const entries = accessesIn(lines);
      const recorded = (await historiesOf(business)).slice(before);
      const accesses = answers.filter(isAccess);
      const requests = new Set([...entries, ...recorded].map(({ requestId }) => requestId));
      report(
        30,
        `${String(CALLS)} random calls (full: 5,000; seed ${String(SEED)}), ${String(accesses.length)} accesses: ` +
          `${String(entries.length)} entries in the log and ${String(recorded.length)} in histories`,
      );
      expect(entries.length + recorded.length).toBe(accesses.length);
      expect(requests.size).toBe(accesses.length);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      expect(recorded.length).toBeGreaterThan(0);
      expect(JSON.stringify([lines, recorded])).not.toMatch(CANARIES);
    },
    PROOF_TIMEOUT_MS,
  );
});
