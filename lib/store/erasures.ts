import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { modelOf } from './models/models.ts';

/** Whether a customer with this id once was and is gone for good, in whichever business: its id is never given again. */
export const isErased = async (id: string, scope: BusinessScope): Promise<boolean> => {
  const found = await modelOf(await connect(), 'erasure')
    .findById(new Types.ObjectId(id))
    .select({ _id: 1 })
    .setOptions(askedBy(scope))
    .lean();
  return found !== null;
};
