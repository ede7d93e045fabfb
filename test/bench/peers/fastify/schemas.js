const TYPES = ['regular', 'unregistered', 'new', 'anonymous'];
const STATES = ['active', 'suspended', 'archived', 'deleted', 'inactive'];

const text = (maxLength) => ({ type: ['string', 'null'], maxLength });
const instant = { type: 'string', format: 'date-time' };
const history = (maxItems) => ({
  type: 'array',
  ...(maxItems !== undefined && { maxItems }),
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['state', 'setAt'],
    properties: { state: { type: 'string', enum: STATES }, setAt: instant },
  },
});
const id = { type: 'string', pattern: '^[0-9a-fA-F]{24}$' };

/** What comes in. */
export const draft = {
  type: 'object',
  additionalProperties: false,
  properties: {
    _id: id,
    firstName: text(50),
    lastName: text(50),
    phone: text(50),
    email: text(254),
    note: text(5_000),
    customerType: { type: 'string', enum: TYPES },
    state: { type: 'string', enum: STATES },
    stateHistory: history(200),
  },
};
export const path = { type: 'object', required: ['id'], properties: { id } };
export const pageQuery = {
  type: 'object',
  properties: {
    page: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    pageSize: { type: 'integer', minimum: 1, maximum: 1_000, default: 20 },
    cursor: { type: 'string', pattern: '^[\\w-]+$', maxLength: 5_000 },
  },
};

const nullable = { type: ['string', 'null'] };

/** What goes out: nothing else is written. */
export const customer = {
  type: 'object',
  properties: {
    _id: { type: 'string' },
    object: { type: 'string' },
    _version: { type: 'string' },
    firstName: nullable,
    lastName: nullable,
    phone: nullable,
    email: nullable,
    note: nullable,
    customerType: { type: 'string' },
    state: { type: 'string' },
    stateHistory: history(),
    createdAt: instant,
    updatedAt: instant,
  },
};
export const page = {
  type: 'object',
  properties: {
    items: { type: 'array', items: customer },
    totalSize: { type: 'integer' },
    nextCursor: { type: 'string' },
  },
};
