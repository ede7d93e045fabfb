import { afterAll, beforeAll, expect } from '@jest/globals';
import { Types } from 'mongoose';
import { handler as keepArchive } from '#functions/rights/keep-archive/handler.ts';
import { objectStore } from '#lib/cloud/object-store.ts';
import { added, type Business } from './a-business.ts';
import { run } from './service.ts';
import type { Stored } from './stored.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;
const BUCKET = 'things';

/** Gives the process what the function of `keep-archive` is told. Use it after `useObjectEndpoint`. */
export const useArchive = (): void => {
  beforeAll(() => {
    Object.assign(process.env, { ARCHIVE_BUCKET: BUCKET, ARCHIVE_STORAGE_CLASS: 'GLACIER_IR' });
  });
  afterAll(() => {
    for (const name of ['ARCHIVE_BUCKET', 'ARCHIVE_STORAGE_CLASS']) Reflect.deleteProperty(process.env, name);
  });
};

/** Makes a customer look as if nobody had changed it for a year. */
export const age = async ({ database }: Stored, id: string): Promise<void> => {
  const updatedAt = new Date(Date.now() - YEAR_MS);
  const updatedKey = `${String(updatedAt.getTime()).padStart(13, '0')}${id}`;
  const _id = new Types.ObjectId(id);
  await database.collection('customer').updateOne({ _id }, { $set: { updatedAt } });
  await database
    .collection('customer_link')
    .updateOne({ customerId: _id }, { $set: { updatedAt, updatedKey } });
};

/** A customer that is archived and untouched for a year, as it is answered. */
export const archived = async (
  service: Stored,
  business: Business,
  fields: Readonly<Record<string, unknown>> = {},
  life: (id: string) => Promise<unknown> = () => Promise.resolve(),
) => {
  const { _id } = await added(business, fields);
  await life(_id);
  expect((await business.setState(_id, { state: 'archived' })).status).toBe(200);
  await age(service, _id);
  return (await business.get(_id)).body;
};

/** A run of `keep-archive`. */
export const keep = (input: object = {}): Promise<any> => run(keepArchive, input);

/** The keys of what the archive's bucket has of a customer. */
export const objectsOf = async ({ businessId }: Business, id: string): Promise<string[]> => {
  const prefix = `archive/${businessId}/${id}/`;
  const { objects } = await objectStore(BUCKET).list({ prefix }, Date.now() + 5_000);
  return objects.map(({ key }) => key);
};
