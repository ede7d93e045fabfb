import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { contract as publicContract } from '#functions/upkeep/get-openapi-document/contract.ts';
import { getOpenApiDocument } from '#functions/upkeep/get-openapi-document/get-openapi-document.ts';
import { servePublic } from '#lib/serve/serve-public.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { isAccessLine } from '#test/support/access-lines.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { arranged, handlerOf, routes } from '#test/support/routes.ts';
import {
  type Answer,
  anEvent,
  call,
  type Call,
  GATEWAY_ID,
  send,
  useService,
} from '#test/support/service.ts';
import { documentsIn } from '#test/support/stored.ts';

const service = useService('request-id');

type Traced = Readonly<{ answer: Answer; id: string; lines: any[] }>;

/** Sends a request; gives its answer, the gateway's id of it, and every line that was written meanwhile. */
const traced = async (handler: unknown, request: Call): Promise<Traced> => {
  const event = anEvent(request);
  let answer: Answer | undefined;
  const lines = await linesWrittenBy(async () => {
    answer = await send(handler, event);
  });
  const { requestId } = event.requestContext;
  // A metric is a number of the whole service, not of one request.
  const logged = lines.map((line) => JSON.parse(line)).filter((line) => !('_aws' in line));
  return { answer: answer!, id: requestId, lines: logged };
};

/** The id is the gateway's in the answer and in each line, and a problem names the same request. */
const expectOneId = ({ answer, id, lines }: Traced): void => {
  expect(id).toMatch(GATEWAY_ID);
  expect(answer.headers['x-request-id']).toBe(id);
  expect(lines.length).toBeGreaterThan(0);
  for (const { message, requestId } of lines) expect([message, requestId]).toEqual([message, id]);
  if (answer.status >= 400) expect(answer.body.instance).toBe(`urn:request:${id}`);
};

const everyRoute = routes.map((route) => [route.name, route] as const);

describe('the id of a request is in its answer and in all that is written about it', () => {
  it.each(everyRoute)('%s: served, refused and replayed', async (name, route) => {
    const business = aBusiness();
    const { _id, email } = await added(business);
    if (name === 'restore-customer') await business.delete(_id);
    const handler = await handlerOf(name);
    const good = { businessId: business.businessId, ...(await arranged(name, business, _id)) };
    if (name === 'look-up-customer') good.query = { email };
    const request = { ...good, headers: { ...good.headers, 'idempotency-key': randomUUID() } };

    const served = await traced(handler, request);
    expect([200, 201]).toContain(served.answer.status);
    expectOneId(served);
    const inHistory = await documentsIn(service, 'customer_audit', { requestId: served.id });
    const isAccessed = served.lines.some((line) => isAccessLine(JSON.stringify(line)));
    expect(inHistory.length > 0 || isAccessed || name === 'change-settings').toBe(true);

    // Nobody is in the archive here: a recall changes nothing, so its answer is not recorded.
    // And the attendees are found, so nothing is written.
    const hasNoEffect = name === 'recall-customer' || route.onlyReads === true || route.alsoReads === true;
    if (route.method === 'POST' && !hasNoEffect) {
      const replayed = await traced(handler, request);
      expect(replayed.answer.headers['idempotent-replayed']).toBe('true');
      expectOneId(replayed);
      expect(replayed.id).not.toBe(served.id);
    }

    const refusals: Call[] = [
      { ...good, headers: { ...good.headers, 'x-business-tenant-id': 'none' } },
      { ...good, claims: { sub: 'eve', business_roles: '' } },
      ...(route.params === undefined ? [] : [{ ...good, id: 'x', path: { segmentId: 'x' } }]),
      ...(route.body === undefined ? [] : [{ ...good, body: '{' }]),
    ];
    for (const refusal of refusals) {
      const refused = await traced(handler, refusal);
      expect(Math.floor(refused.answer.status / 100)).toBe(4);
      expectOneId(refused);
    }
  });

  it('is in a bulk the same in each result, each line and each history', async () => {
    const business = aBusiness();
    const operations = [{ create: { firstName: 'Anna', customerType: 'new' } }, { delete: { _id: 'x' } }, {}];
    const { businessId } = business;
    const bulk = await traced(await handlerOf('apply-operations'), { businessId, body: { operations } });
    expectOneId(bulk);
    const [created, ...refused] = bulk.answer.body.results;
    expect(created.status).toBe(201);
    for (const { error } of refused) expect(error.instance).toBe(`urn:request:${bulk.id}`);
    const [entry] = await documentsIn(service, 'customer_audit', { customerId: created.customer._id });
    expect(entry?.['requestId']).toBe(bulk.id);
  });

  it('is in the answer and the line of a route without a token', async () => {
    const handler = servePublic(
      publicContract,
      getOpenApiDocument({ readDocument: () => Promise.resolve('{"openapi":"3.1.0"}') }),
    );
    expectOneId(await traced(handler, {}));
  });

  it('is in the answer to a fault of ours, and in the line that describes it', async () => {
    const handler = servePublic(publicContract, () => Promise.reject(new TypeError('no')));
    const fault = await traced(handler, {});
    expect(fault.answer.status).toBe(500);
    expectOneId(fault);
    expect(fault.lines.map(({ message }) => message)).toEqual(['defect', 'request-refused']);
  });

  it('stands beside Lambda’s own id in each line of the technical log', async () => {
    const { id, lines } = await traced(await handlerOf('get-customer'), aBusiness());
    const technical = lines.filter((line) => !isAccessLine(JSON.stringify(line)));
    expect(technical.length).toBeGreaterThan(0);
    for (const { invocationId } of technical) {
      expect(invocationId).toMatch(/^[0-9a-f-]{36}$/);
      expect(invocationId).not.toBe(id);
    }
  });

  it.each<[string, object | undefined]>([
    ['no id', {}],
    ['no context', undefined],
    ['an empty id', { requestId: '' }],
    ['an id that a header cannot hold', { requestId: 'a\r\nset-cookie: b' }],
    ['an id that is too long', { requestId: 'a'.repeat(65) }],
    ['an id that is no text', { requestId: 7 }],
  ])('is Lambda’s own where the event has %s', async (_what, requestContext) => {
    const answer = await call(await handlerOf('get-customer'), {});
    expect(answer.headers['x-request-id']).toMatch(GATEWAY_ID);
    const direct = await send(await handlerOf('get-customer'), { ...anEvent({}), requestContext });
    expect(direct.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(direct.body.instance).toBe(`urn:request:${String(direct.headers['x-request-id'])}`);
  });
});
