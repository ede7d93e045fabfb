import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { contract } from '#functions/upkeep/get-openapi-document/contract.ts';
import { getOpenApiDocument } from '#functions/upkeep/get-openapi-document/get-openapi-document.ts';
import { servePublic } from '#lib/serve/serve-public.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { documentText, type Operation, operations } from '#test/support/described.ts';
import { faultsOf, type GivenAnswer } from '#test/support/documented-answer.ts';
import { type GeneratedRequest, requestsOf } from '#test/support/generated-request.ts';
import { PROOF_TIMEOUT_MS, report, sized, tally } from '#test/support/promise.ts';
import { handlerOf } from '#test/support/routes.ts';
import { serveBundles, type Served } from '#test/support/served.ts';
import { anEvent, send, useService } from '#test/support/service.ts';
import { SEED } from '#test/support/seed.ts';

const STATES = ['suspended', 'archived', 'deleted'];
const UNKNOWN_ID = 'f'.repeat(24);
const everyOperation = operations.map((operation) => [operation.name, operation] as const);

type Ask = (request: GeneratedRequest) => Promise<GivenAnswer>;
type Faults = typeof faultsOf;
/** What was heard, and how many routes held. */
type Tried = { times: number; answers: Pick<GivenAnswer, 'status' | 'body'>[]; held: number };

/** Makes a customer and answers its id; merges one into another. */
type Ways = Readonly<{
  add: (state: string) => Promise<string>;
  merge: (id: string, loserId: string) => Promise<unknown>;
}>;

/** One in each state, a merged one and nobody. For one route alone: those that were asked before delete whom they meet. */
const someIds = async ({ add, merge }: Ways): Promise<string[]> => {
  const [survivor, loser] = [await add('active'), await add('active')];
  await merge(survivor, loser);
  const others: string[] = [];
  for (const state of STATES) others.push(await add(state));
  return [UNKNOWN_ID, survivor, loser, ...others];
};

/** Asks a route whatever its description makes up; each answer must be as the document says. */
const prove = async (
  operation: Operation,
  requests: fc.Arbitrary<GeneratedRequest>,
  { ask, faults, tried }: { ask: Ask; faults: Faults; tried: Tried },
): Promise<void> => {
  const holds = async (request: GeneratedRequest): Promise<void> => {
    const answer = await ask(request);
    tried.answers.push({ status: answer.status, body: { code: answer.body.code } });
    const found = faults(operation, request, answer);
    if (found.length > 0) throw new Error(`${found.join('\n')}\n${answer.text}`);
  };
  await fc.assert(fc.asyncProperty(requests, holds), { seed: SEED, numRuns: tried.times });
  tried.held += 1;
};

const reportAll = (where: string, { times, answers, held }: Tried): void => {
  const size = `${String(times)} generated requests a route ${where}, seed ${String(SEED)}`;
  const routes = `${String(held)} of ${String(operations.length)} routes answered as documented, without 5xx`;
  report(38, `${size}: ${routes}: ${tally(answers)}`);
};

describe('every answer of the handlers is as the document says', () => {
  useService('row-38');
  const business = aBusiness();
  const tried: Tried = { times: sized({ short: 12, full: 10_000 }), answers: [], held: 0 };
  const ways: Ways = {
    add: async (state) => (await added(business, { state }))._id,
    merge: (id, loserId) => business.merge(id, { loserId }),
  };

  /** The document's own handler reads it from beside its bundle. */
  const handlerFor = async ({ name }: Operation): Promise<unknown> =>
    name === contract.name
      ? servePublic(contract, getOpenApiDocument({ readDocument: () => Promise.resolve(documentText) }))
      : await handlerOf(name);

  /** The caller is an owner of `business`, whatever business the request names. */
  const eventOf = ({ path, query, header, body }: GeneratedRequest) => ({
    ...anEvent({
      query,
      claims: { sub: 'user-1', business_roles: `${business.businessId}:OWNER` },
      ...(body !== undefined && { body }),
    }),
    headers: header,
    pathParameters: path,
  });

  it.each(everyOperation)(
    '%s',
    async (_name, operation) => {
      const handler = await handlerFor(operation);
      const ask: Ask = (request) => send(handler, eventOf(request));
      const known = { businessId: business.businessId, ids: await someIds(ways) };
      await prove(operation, requestsOf(operation, known), { ask, faults: faultsOf, tried });
    },
    PROOF_TIMEOUT_MS,
  );
  afterAll(() => {
    reportAll('in process', tried);
  });
});

/** What a client can send in a header at all. */
const isSendable = ({ header }: GeneratedRequest): boolean =>
  Object.values(header).every((value) => /^[\x20-\x7e]*$/.test(value));

/** What the gateway answers by itself: no route, no valid path, too long a header, too large a body. */
const GATEWAY_STATUSES = [400, 404, 413, 431];

const faultsOverHttp: Faults = (operation, request, answer) => {
  const isOfGateway =
    GATEWAY_STATUSES.includes(answer.status) && Object.keys(answer.body).join() === 'message';
  if (!isOfGateway) return faultsOf(operation, request, answer);
  return request.kind === 'allowed' ? ['the gateway refuses what the document allows'] : [];
};

describe('every answer over HTTP is as the document says, or the gateway’s own', () => {
  let served: Served;
  const tried: Tried = { times: sized({ short: 3, full: 500 }), answers: [], held: 0 };
  const post = async (path: string, body: object): Promise<any> =>
    (await served.request('POST', `/api/v1/customer${path}`, { body })).body;
  const ways: Ways = {
    add: async (state) => (await post('', aCustomer({ state })))._id,
    merge: (id, loserId) => post(`/${id}/merge`, { loserId }),
  };
  beforeAll(async () => {
    served = await serveBundles('row-38-http');
  }, 120_000);
  afterAll(() => served.stop());

  const asking =
    ({ method, path }: Operation): Ask =>
    async ({ path: ids, query, header, body }) => {
      const place = path.replace(/\{(\w+)\}/, (_, name: string) =>
        encodeURIComponent((ids[name] ?? '').toWellFormed()),
      );
      const answer = await served.request(method, `${place}?${String(new URLSearchParams(query))}`, {
        headers: header,
        businessId: null,
        ...(body !== undefined && method !== 'GET' && { body }),
      });
      return { ...answer, headers: Object.fromEntries(answer.headers) };
    };

  it.each(everyOperation)(
    '%s',
    async (_name, operation) => {
      const ask = asking(operation);
      const known = { businessId: served.businessId, ids: await someIds(ways) };
      const requests = requestsOf(operation, known).filter(isSendable);
      await prove(operation, requests, { ask, faults: faultsOverHttp, tried });
    },
    PROOF_TIMEOUT_MS,
  );
  afterAll(() => {
    reportAll('over HTTP', tried);
  });
});
