import { Schema, type Types } from 'mongoose';
import { CUSTOMER_TYPES, type CustomerType } from '#lib/domain/customers/customer-details.ts';
import { WRITTEN_STATES, type WrittenState } from '#lib/domain/customers/customer-state.ts';
import { defineCollection, RECORD_TIME } from './define-collection.ts';

/** A customer as stored: exactly the specification's fields. Sensitive ones are sealed. */
export type CustomerDocument = {
  _id: Types.ObjectId;
  firstName: string | null;
  lastName: string | null;
  phone: Buffer | null;
  email: Buffer | null;
  note: Buffer | null;
  customerType: CustomerType;
  stateHistory: { state: WrittenState; setAt: Date }[];
  createdAt: Date;
  updatedAt: Date;
  __v: number;
};

const stateHistorySchema = (): Schema =>
  new Schema(
    { state: { type: String, enum: WRITTEN_STATES, required: true }, setAt: { type: Date, required: true } },
    { _id: false },
  );

/** The specification's validation, enforced by the database. A document that fails it is a defect of this service. */
const validator = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['_id', 'customerType', 'stateHistory', 'createdAt', 'updatedAt', '__v'],
    properties: {
      _id: { bsonType: 'objectId' },
      firstName: { bsonType: ['string', 'null'] },
      lastName: { bsonType: ['string', 'null'] },
      phone: { bsonType: ['binData', 'null'] },
      email: { bsonType: ['binData', 'null'] },
      note: { bsonType: ['binData', 'null'] },
      customerType: { enum: CUSTOMER_TYPES },
      stateHistory: {
        bsonType: 'array',
        minItems: 1,
        items: {
          bsonType: 'object',
          required: ['state', 'setAt'],
          properties: { state: { enum: WRITTEN_STATES }, setAt: { bsonType: 'date' } },
        },
      },
      createdAt: { bsonType: 'date' },
      updatedAt: { bsonType: 'date' },
      __v: { bsonType: ['int', 'long'] },
    },
  },
};

export const customer = defineCollection<CustomerDocument>({
  schema: () =>
    new Schema(
      {
        firstName: String,
        lastName: String,
        phone: Buffer,
        email: Buffer,
        note: Buffer,
        customerType: { type: String, enum: CUSTOMER_TYPES, required: true, default: 'regular' },
        stateHistory: { type: [stateHistorySchema()], default: [] },
      },
      { timestamps: true },
    ),
  indexes: [],
  owner: 'link',
  person: {
    foundBy: '_id',
    erasing: { by: 'begin' },
    exported: {
      under: '15 and 20',
      as: 'record',
      // The export under article 20 leaves out the note: it is what the business wrote, not what the person gave.
      shows: [
        'firstName',
        'lastName',
        'phone',
        'email',
        'note',
        'customerType',
        'stateHistory',
        'createdAt',
        'updatedAt',
        '__v',
      ],
      withholds: [],
    },
    archiving: { by: 'copying', removes: ['note'] },
    holds: 'names, phone, email, note, type and states',
    keptUntil: RECORD_TIME,
  },
  kinds: {
    _id: 'technical',
    firstName: 'clear',
    lastName: 'clear',
    phone: 'sealed',
    email: 'sealed',
    note: 'sealed',
    customerType: 'technical',
    stateHistory: { state: 'technical', setAt: 'technical' },
    createdAt: 'technical',
    updatedAt: 'technical',
    __v: 'technical',
  },
  validator,
});
