import { afterAll, beforeAll } from '@jest/globals';
import { MongoClient, MongoServerError } from 'mongodb';
import type { Db } from 'mongodb';
import { unprobedDatabaseUri } from '#test/support/test-database.ts';

/** A connected client and a fresh database for one file of the conformance list. */
export const connectForFile = (name: string): { client: () => MongoClient; db: () => Db } => {
  const client = new MongoClient(unprobedDatabaseUri(name));
  beforeAll(async () => {
    await client.connect();
  });
  afterAll(async () => {
    await client.db().dropDatabase();
    await client.close();
  });
  return { client: () => client, db: () => client.db() };
};

/** The server's error that `work` ends in; fails when it does not. */
export const serverErrorOf = async (work: Promise<unknown>): Promise<MongoServerError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MongoServerError) return error;
  throw new Error(`expected an error of the server, got ${String(error)}`);
};
