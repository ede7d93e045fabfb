import mongoose, { type Connection, Schema, Types } from 'mongoose';
import * as z from 'zod';
import { parseKeyring } from '#lib/privacy/keyring.ts';
import { aCustomer } from './a-customer.ts';

type Steps = (database: Connection) => unknown;

/** A collection that refuses existing keys and invalid documents, as those of the service do. */
const aStrictCollection = async (database: Connection) => {
  const collection = database.collection(`people-${new Types.ObjectId().toHexString()}`);
  await database.db?.createCollection(collection.collectionName, {
    validator: { $jsonSchema: { bsonType: 'object', properties: { note: { bsonType: 'binData' } } } },
  });
  await collection.createIndex({ email: 1 }, { unique: true });
  return collection;
};

const { email, phone, note, lastName } = aCustomer();
const person = { email, phone, lastName };

/** All known ways in which an error can quote what a person entered: real errors, from the parts that throw them. */
export const QUOTING: Readonly<Record<string, Steps>> = {
  'a duplicate key, quoted by the database': async (database) => {
    const people = await aStrictCollection(database);
    await people.insertOne({ ...person });
    await people.insertOne({ ...person });
  },
  'duplicate keys of a bulk write, which keeps the writes': async (database) => {
    const people = await aStrictCollection(database);
    const models = [1, 2].map(
      () =>
        ({
          name: 'insertOne',
          namespace: `${database.name}.${people.collectionName}`,
          document: { ...person },
        }) as const,
    );
    await database.getClient().bulkWrite(models);
  },
  'a document that the database’s validator refuses': async (database) => {
    await (await aStrictCollection(database)).insertOne({ note });
  },
  'an operator that the database does not know': async (database) => {
    await database.collection('people').findOne({ email: { [`$${lastName}`]: email } });
  },
  'a document that is too large': async (database) => {
    await database.collection('people').insertOne({ [note]: 'x'.repeat(17 * 1024 * 1024) });
  },
  'a value that Mongoose cannot cast': () => {
    // Not a Date: it accepts many texts that end in a number.
    const schema: Schema = new Schema({ count: Number });
    return mongoose.createConnection().model('cast', schema).castObject({ count: note });
  },
  'a document that Mongoose finds invalid': async () => {
    const schema: Schema = new Schema({ state: { type: String, enum: ['active'] } });
    await mongoose.createConnection().model('valid', schema).validate({ state: note });
  },
  'an id that is none': () => new Types.ObjectId(lastName),
  'JSON that is none': () => JSON.parse(`{"email":"${email}" "phone"`),
  'a URL that is none': () => new URL(`mongo db://${email}`),
  'what a schema refuses': () =>
    z
      .object({ state: z.literal('active') })
      .strict()
      .parse({ state: note, [email]: 1 }, { reportInput: true }),
  'a connection string that is none': async () =>
    await mongoose.createConnection(`mongodb://canary:${lastName}@[${email}/`).asPromise(),
  'a database that cannot be reached': async () =>
    await mongoose
      .createConnection(`mongodb://canary:canary-password@127.0.0.1:1/?appName=${lastName}`, {
        serverSelectionTimeoutMS: 50,
      })
      .asPromise(),
  'a keyring that is none': () => parseKeyring(`{"current":"${lastName}","keys":{"${email}":"${note}"}}`),
  'an error with properties': () => {
    throw Object.assign(new Error(note), { customer: person, code: phone, name: lastName, syscall: email });
  },
  'an error with causes': () => {
    throw new Error('saved', { cause: new Error(note, { cause: { customer: person } }) });
  },
  'several errors at once': () =>
    Promise.any([Promise.reject(new Error(note)), Promise.reject(new Error(email))]),
  'an error whose message looks like a stack': () => {
    throw new Error(`${note}\n    at ${lastName} (/home/${lastName}.js:1:1)\n    at ${email}:2:2`);
  },
  'an error that says itself what to print': () => {
    const words = {
      toString: () => note,
      toJSON: () => person,
      [Symbol.for('nodejs.util.inspect.custom')]: () => note,
    };
    throw Object.assign(new Error(note), words);
  },
  'a customer in place of an error': () => {
    throw aCustomer() as unknown as Error;
  },
  'a text in place of an error': () => {
    throw note as unknown as Error;
  },
};
