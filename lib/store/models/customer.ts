import { Schema, type Types } from 'mongoose';
import { CUSTOMER_TYPES, type CustomerType } from '#lib/domain/customer.ts';
import { WRITTEN_STATES, type WrittenState } from '#lib/domain/customer-state.ts';

/** A customer as stored: the specification's fields and no other. Sensitive ones are sealed. */
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

export const customerSchema = (): Schema =>
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
    { collection: 'customer', timestamps: true },
  );

/** The specification's validation at schema level, held by the database itself. If it ever fires, we have a defect. */
export const customerValidator = {
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
