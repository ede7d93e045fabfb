import jwt from '@fastify/jwt';
import fastify from 'fastify';
import { MongoClient, ObjectId } from 'mongodb';

// Fastify and the driver: JSON schemas for what comes in and what goes out, fast-jwt for the token.
const { PORT, MONGODB_URI, PUBLIC_KEY, ISSUER, AUDIENCE } = process.env;

const client = await MongoClient.connect(MONGODB_URI, { maxPoolSize: 2 });
const customers = client.db().collection('fastify_customer');
await customers.createIndex({ businessId: 1, createdAt: -1 });
for (const field of ['email', 'phone'])
  await customers.createIndex(
    { businessId: 1, [field]: 1 },
    { unique: true, partialFilterExpression: { [field]: { $type: 'string' } } },
  );

const text = (maxLength) => ({ type: ['string', 'null'], maxLength });
const draft = {
  type: 'object',
  additionalProperties: false,
  properties: {
    firstName: text(100),
    lastName: text(100),
    email: { type: ['string', 'null'], format: 'email' },
    phone: { type: ['string', 'null'], pattern: '^\\+?[0-9 ]{6,20}$' },
    note: text(2_000),
    customerType: { enum: ['regular', 'unregistered', 'new', 'anonymous'] },
  },
};
const nullable = { type: ['string', 'null'] };
const instant = { type: 'string', format: 'date-time' };
const dto = {
  type: 'object',
  properties: {
    _id: { type: 'string' },
    firstName: nullable,
    lastName: nullable,
    email: nullable,
    phone: nullable,
    note: nullable,
    customerType: { type: 'string' },
    state: { type: 'string' },
    stateHistory: {
      type: 'array',
      items: { type: 'object', properties: { state: { type: 'string' }, setAt: instant } },
    },
    createdAt: instant,
    updatedAt: instant,
  },
};
const page = {
  type: 'object',
  properties: { items: { type: 'array', items: dto }, totalSize: { type: 'integer' } },
};
const PAGE_SIZE = 20;

const problem = (statusCode, code) => Object.assign(new Error(code), { statusCode });
const toDto = ({ _id, ...customer }) => ({ _id: _id.toHexString(), ...customer });

const app = fastify({ logger: false, ajv: { customOptions: { removeAdditional: false } } });
await app.register(jwt, {
  secret: { public: PUBLIC_KEY },
  verify: { algorithms: ['RS256'], allowedIss: ISSUER, allowedAud: AUDIENCE },
});
app.decorateRequest('businessId', null);
app.addHook('onRequest', async (request) => {
  const { business_roles: claim } = await request.jwtVerify();
  const businessId = request.headers['x-business-tenant-id'];
  const roles = String(claim)
    .split(' ')
    .map((membership) => membership.split(':'));
  if (!roles.some(([id, role]) => id === businessId && role === 'OWNER')) throw problem(403, 'not-permitted');
  request.businessId = new ObjectId(businessId);
});

app.get(
  '/api/v1/customer/paged',
  {
    schema: {
      querystring: {
        type: 'object',
        properties: { page: { type: 'integer', minimum: 1, default: 1 } },
      },
      response: { 200: page },
    },
  },
  async ({ businessId, query }) => {
    const [items, totalSize] = await Promise.all([
      customers
        .find({ businessId })
        .sort({ createdAt: -1 })
        .skip((query.page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
        .toArray(),
      customers.countDocuments({ businessId }),
    ]);
    return { items: items.map(toDto), totalSize };
  },
);
app.get(
  '/api/v1/customer/:id',
  {
    schema: {
      params: { type: 'object', properties: { id: { type: 'string', pattern: '^[0-9a-f]{24}$' } } },
      response: { 200: dto },
    },
  },
  async ({ businessId, params }) => {
    const customer = await customers.findOne({ _id: new ObjectId(params.id), businessId });
    if (customer === null) throw problem(404, 'customer-not-found');
    return toDto(customer);
  },
);
app.post(
  '/api/v1/customer',
  { schema: { body: draft, response: { 201: dto } } },
  async ({ businessId, body }, reply) => {
    const now = new Date();
    const customer = {
      _id: new ObjectId(),
      businessId,
      firstName: null,
      lastName: null,
      email: null,
      phone: null,
      note: null,
      customerType: 'regular',
      ...body,
      state: 'active',
      stateHistory: [{ state: 'active', setAt: now }],
      createdAt: now,
      updatedAt: now,
    };
    await customers.insertOne(customer).catch((error) => {
      throw error.code === 11_000 ? problem(400, 'duplicate') : error;
    });
    reply.status(201);
    return toDto(customer);
  },
);

await app.listen({ port: Number(PORT), host: '127.0.0.1' });
