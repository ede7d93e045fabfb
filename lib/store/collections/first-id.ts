import { Types } from 'mongoose';

/** The smallest possible id. No document has it, so a walk through all ids starts after it. */
export const FIRST_ID = new Types.ObjectId('0'.repeat(24));
