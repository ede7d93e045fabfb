import express from 'express';
import { createLocalJWKSet, jwtVerify } from 'jose';
import mongoose, { Schema } from 'mongoose';
import * as z from 'zod';

// Express and Mongoose: lean reads, a model that validates on its way in, zod on the body, jose for the token.
const { PORT, MONGODB_URI, JWKS, ISSUER, AUDIENCE } = process.env;
const keys = createLocalJWKSet(JSON.parse(JWKS));

const Customer = mongoose.model(
  'Customer',
  new Schema(
    {
      businessId: { type: Schema.Types.ObjectId, required: true },
      firstName: { type: String, default: null },
      lastName: { type: String, default: null },
      email: { type: String, default: null },
      phone: { type: String, default: null },
      note: { type: String, default: null },
      customerType: { type: String, default: 'regular' },
      state: { type: String, default: 'active' },
      stateHistory: [{ _id: false, state: String, setAt: Date }],
    },
    { timestamps: true, collection: 'express_customer' },
  )
    .index({ businessId: 1, createdAt: -1 })
    .index(
      { businessId: 1, email: 1 },
      { unique: true, partialFilterExpression: { email: { $type: 'string' } } },
    )
    .index(
      { businessId: 1, phone: 1 },
      { unique: true, partialFilterExpression: { phone: { $type: 'string' } } },
    ),
);

const text = (most) => z.string().max(most).nullish();
const Draft = z.strictObject({
  firstName: text(100),
  lastName: text(100),
  email: z.email().nullish(),
  phone: z
    .string()
    .regex(/^\+?[0-9 ]{6,20}$/)
    .nullish(),
  note: text(2_000),
  customerType: z.enum(['regular', 'unregistered', 'new', 'anonymous']).optional(),
});
const Path = z.object({ id: z.string().regex(/^[0-9a-f]{24}$/) });
const Page = z.object({ page: z.coerce.number().int().min(1).default(1) });
const PAGE_SIZE = 20;

const problem = (status, code) => Object.assign(new Error(code), { status });

const authenticate = async (request, _response, next) => {
  const token = request.get('authorization')?.replace(/^Bearer /, '') ?? '';
  const { payload } = await jwtVerify(token, keys, { issuer: ISSUER, audience: AUDIENCE }).catch(() => {
    throw problem(401, 'unauthorized');
  });
  const businessId = request.get('x-business-tenant-id');
  const roles = String(payload.business_roles)
    .split(' ')
    .map((membership) => membership.split(':'));
  if (!roles.some(([id, role]) => id === businessId && role === 'OWNER')) throw problem(403, 'not-permitted');
  request.businessId = businessId;
  next();
};

const toDto = ({ __v, businessId, ...customer }) => customer;

const routes = express.Router();
routes.use(authenticate);
routes.get('/paged', async ({ businessId, query }, response) => {
  const { page } = Page.parse(query);
  const [items, totalSize] = await Promise.all([
    Customer.find({ businessId })
      .sort({ createdAt: -1 })
      .skip((page - 1) * PAGE_SIZE)
      .limit(PAGE_SIZE)
      .lean(),
    Customer.countDocuments({ businessId }),
  ]);
  response.json({ items: items.map(toDto), totalSize });
});
routes.get('/:id', async ({ businessId, params }, response) => {
  const customer = await Customer.findOne({ _id: Path.parse(params).id, businessId }).lean();
  if (customer === null) throw problem(404, 'customer-not-found');
  response.json(toDto(customer));
});
routes.post('/', async ({ businessId, body }, response) => {
  const draft = Draft.parse(body);
  const stateHistory = [{ state: 'active', setAt: new Date() }];
  const customer = await Customer.create({ ...draft, businessId, stateHistory });
  response.status(201).json(toDto(customer.toObject()));
});

const app = express();
app.disable('x-powered-by');
app.use(express.json({ limit: '64kb' }));
app.use('/api/v1/customer', routes);
app.use((error, _request, response, _next) => {
  if (error instanceof z.ZodError)
    response.status(400).json({ code: 'invalid-request', issues: error.issues });
  else if (error.code === 11_000) response.status(400).json({ code: 'duplicate' });
  else response.status(error.status ?? 500).json({ code: error.status ? error.message : 'internal-error' });
});

await mongoose.connect(MONGODB_URI, { maxPoolSize: 2 });
await Customer.init();
app.listen(Number(PORT), '127.0.0.1');
