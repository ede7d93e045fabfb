import { randomUUID } from 'node:crypto';
import jwt from '@fastify/jwt';
import fastify from 'fastify';
import { MongoClient } from 'mongodb';
import { contract as createContract } from '../../../../functions/customers/create-customer/contract.ts';
import { contract as pageContract } from '../../../../functions/customers/find-customers/contract.ts';
import { contract as getContract } from '../../../../functions/customers/get-customer/contract.ts';
import { tellAccess, tellDenial } from '../same-work/access.js';
import { headersOf, problemOf, PROTECTIVE_HEADERS, seenBy } from '../same-work/answers.js';
import { customersIn } from '../same-work/customers.js';
import { memberOf } from '../same-work/member.js';
import { rateLimiter } from '../same-work/rate-limit.js';
import { driverStore } from './store.js';
import * as schemas from './schemas.js';

// Fastify and the driver: JSON schemas for what comes in and what goes out, fast-jwt for the token.
const { PORT, MONGODB_URI, PUBLIC_KEY, ISSUER, AUDIENCE } = process.env;

const store = driverStore(await MongoClient.connect(MONGODB_URI, { maxPoolSize: 2 }));
const customers = customersIn(store);
const admit = rateLimiter(store);

const app = fastify({
  logger: false,
  genReqId: () => randomUUID(),
  bodyLimit: 64 * 1_024,
  ajv: { customOptions: { removeAdditional: false } },
});
await app.register(jwt, {
  secret: { public: PUBLIC_KEY },
  verify: { algorithms: ['RS256'], allowedIss: ISSUER, allowedAud: AUDIENCE },
});

app.decorateRequest('scope', null);
app.addHook('onRequest', async (request, reply) => {
  reply.headers(PROTECTIVE_HEADERS);
  const claims = await request.jwtVerify();
  const business = request.headers['x-business-tenant-id'];
  const { contract } = request.routeOptions.config;
  request.scope = memberOf({ claims, business, contract, requestId: request.id });
  await admit(request.scope);
});

const aboutAccess = ({ id: requestId, scope, routeOptions }, status = 200) => ({
  contract: routeOptions.config.contract,
  requestId,
  scope,
  status,
});

app.setErrorHandler(async (error, request, reply) => {
  if (error.statusCode === 401) return reply.status(401).send({ message: 'Unauthorized' });
  const { code, status, body } = problemOf(error, request.id);
  await tellDenial({ ...aboutAccess(request, status), code, id: request.params.id });
  return reply.status(status).type('application/problem+json').send(body);
});

app.get(
  '/api/v1/customer/paged',
  {
    config: { contract: pageContract },
    schema: { querystring: schemas.pageQuery, response: { 200: schemas.page } },
  },
  async (request) => {
    const { scope, query } = request;
    const { items, ...page } = await customers.page(query, scope);
    const seen = items.map((dto) => seenBy(scope.role, dto));
    await tellAccess({ ...aboutAccess(request), items: seen });
    return { items: seen, ...page };
  },
);

app.get(
  '/api/v1/customer/:id',
  {
    config: { contract: getContract },
    schema: { params: schemas.path, response: { 200: schemas.customer } },
  },
  async (request, reply) => {
    const { scope, params } = request;
    const dto = seenBy(scope.role, await customers.get(params.id.toLowerCase(), scope));
    await tellAccess({ ...aboutAccess(request), items: [dto] });
    reply.headers(headersOf(dto));
    return dto;
  },
);

app.post(
  '/api/v1/customer',
  {
    config: { contract: createContract },
    schema: { body: schemas.draft, response: { 201: schemas.customer } },
  },
  async (request, reply) => {
    const { scope, body: draft, url, headers: asked } = request;
    const key = asked['idempotency-key'];
    reply.status(201);
    const { statusCode, headers, body, isReplayed } = await customers.create(draft, {
      scope,
      repeatable: key && { key, payload: JSON.stringify([url, draft]) },
      render: (dto) => reply.serialize(seenBy(scope.role, dto)),
    });
    if (isReplayed) {
      reply.header('idempotent-replayed', 'true');
      await tellAccess({
        ...aboutAccess(request, statusCode),
        items: [JSON.parse(body)],
        outcome: 'replayed',
      });
    }
    return reply.status(statusCode).headers(headers).type('application/json; charset=utf-8').send(body);
  },
);

await app.listen({ port: Number(PORT), host: '127.0.0.1' });
