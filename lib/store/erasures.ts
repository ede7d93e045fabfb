import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { remainingMs } from '#lib/runtime/deadline.ts';
import { connect } from './connection.ts';
import { modelOf } from './models/models.ts';

/** Whether a customer with this id once was and is gone for good, in whichever business: its id is never given again. */
export const isErased = async (id: string, scope: BusinessScope): Promise<boolean> => {
  const found = await modelOf(await connect(), 'erasure')
    .findById(new Types.ObjectId(id))
    .select({ _id: 1 })
    .maxTimeMS(remainingMs(scope.deadline))
    .lean();
  return found !== null;
};
