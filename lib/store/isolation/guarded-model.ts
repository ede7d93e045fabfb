import type { Connection, Model, Schema } from 'mongoose';
import { type CollectionName, collections, type Documents } from '#lib/store/collections/collections.ts';
import { guardSchema } from './guarded-schema.ts';

/** The methods of a model that the store may use. None of them gives access to the raw collection. */
type GuardedModel<D> = Pick<
  Model<D>,
  | 'countDocuments'
  | 'deleteMany'
  | 'find'
  | 'findById'
  | 'findOne'
  | 'findOneAndUpdate'
  | 'updateMany'
  | 'updateOne'
>;

const guardedSchema = (name: CollectionName): Schema => {
  const schema = collections[name].schema();
  guardSchema(schema, name);
  return schema;
};

/**
 * The model of a collection on this connection. It is compiled on first use, so a cold start pays only for what it needs.
 * Its queries throw ScopeBreach when `queryOptions(scope)` is not among their options or the scope may not send them.
 */
export const modelOf = <N extends CollectionName>(
  connection: Connection,
  name: N,
): GuardedModel<Documents[N]> => {
  if (!connection.modelNames().includes(name)) connection.model(name, guardedSchema(name), name);
  return connection.model<Documents[N]>(name);
};
