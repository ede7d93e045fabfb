import { randomUUID } from 'node:crypto';
import express from 'express';
import { createLocalJWKSet, jwtVerify } from 'jose';
import mongoose from 'mongoose';
import { contract as createContract } from '../../../../functions/customers/create-customer/contract.ts';
import { contract as pageContract } from '../../../../functions/customers/find-customers/contract.ts';
import { contract as getContract } from '../../../../functions/customers/get-customer/contract.ts';
import { SCHEMAS } from '../mongoose/models.js';
import { mongooseStore } from '../mongoose/store.js';
import { tellAccess, tellDenial } from '../same-work/access.js';
import { headersOf, problemOf, PROTECTIVE_HEADERS, seenBy } from '../same-work/answers.js';
import { customersIn } from '../same-work/customers.js';
import { memberOf } from '../same-work/member.js';
import { rateLimiter } from '../same-work/rate-limit.js';

// Express and Mongoose: zod for what comes in and goes out, jose for the token, lean reads.
const { PORT, MONGODB_URI, JWKS, ISSUER, AUDIENCE } = process.env;
const keys = createLocalJWKSet(JSON.parse(JWKS));

const connection = await mongoose.createConnection(MONGODB_URI, { maxPoolSize: 2 }).asPromise();
for (const [name, schema] of Object.entries(SCHEMAS)) connection.model(name, schema);
const store = mongooseStore(connection);
const customers = customersIn(store);
const admit = rateLimiter(store);

const begin = (contract) => (request, response, next) => {
  request.contract = contract;
  request.requestId = randomUUID();
  response.set(PROTECTIVE_HEADERS);
  next();
};

const authenticate = async (request, response, next) => {
  const token = request.get('authorization')?.replace(/^Bearer /, '') ?? '';
  const verified = await jwtVerify(token, keys, { issuer: ISSUER, audience: AUDIENCE }).catch(() => null);
  if (verified === null) return response.status(401).json({ message: 'Unauthorized' });
  const { contract, requestId } = request;
  const business = request.get('x-business-tenant-id');
  request.scope = memberOf({ claims: verified.payload, business, contract, requestId });
  await admit(request.scope);
  next();
};

const validate =
  ({ params, query, body }) =>
  (request, _response, next) => {
    request.valid = {
      ...(params && { params: params.parse(request.params) }),
      ...(query && { query: query.parse(request.query) }),
      ...(body && { body: body.parse(request.body) }),
    };
    next();
  };

const route = (contract, ...handlers) => [begin(contract), authenticate, ...handlers];
const parsesJson = express.json({ limit: '64kb' });

const app = express();
app.disable('x-powered-by');
app.set('etag', false);

app.get(
  '/api/v1/customer/paged',
  route(pageContract, validate(pageContract), async ({ contract, requestId, scope, valid }, response) => {
    const { items, ...page } = await customers.page(valid.query, scope);
    const body = pageContract.answers[200].parse({
      ...page,
      items: items.map((dto) => seenBy(scope.role, dto)),
    });
    await tellAccess({ contract, requestId, scope, status: 200, items: body.items });
    response.json(body);
  }),
);

app.get(
  '/api/v1/customer/:id',
  route(getContract, validate(getContract), async ({ contract, requestId, scope, valid }, response) => {
    const dto = await customers.get(valid.params.id, scope);
    const body = getContract.answers[200].parse(seenBy(scope.role, dto));
    await tellAccess({ contract, requestId, scope, status: 200, items: [body] });
    response.set(headersOf(body)).json(body);
  }),
);

app.post(
  '/api/v1/customer',
  route(createContract, parsesJson, validate(createContract), async (request, response) => {
    const { contract, requestId, scope, valid } = request;
    const key = request.get('idempotency-key');
    const { statusCode, headers, body, isReplayed } = await customers.create(valid.body, {
      scope,
      repeatable: key && { key, payload: JSON.stringify([request.originalUrl, request.body]) },
      render: (dto) => JSON.stringify(createContract.answers[201].parse(seenBy(scope.role, dto))),
    });
    if (isReplayed) {
      response.set('idempotent-replayed', 'true');
      const items = [JSON.parse(body)];
      await tellAccess({ contract, requestId, scope, status: statusCode, items, outcome: 'replayed' });
    }
    response.status(statusCode).set(headers).type('json').send(body);
  }),
);

app.use(async (error, { contract, requestId, scope, params }, response, _next) => {
  const { code, status, body } = problemOf(error, requestId);
  await tellDenial({ contract, requestId, scope, status, code, id: params.id });
  response.status(status).type('application/problem+json').json(body);
});

app.listen(Number(PORT), '127.0.0.1');
