import { serveQueue } from '#lib/serve/serve-queue.ts';
import { saveConfirmations } from '#lib/store/rights/confirmations.ts';
import { findErasure } from '#lib/store/rights/erasures.ts';
import { confirmErasure } from './confirm-erasure.ts';
import { contract } from './contract.ts';

export const handler = serveQueue(contract, confirmErasure({ findErasure, saveConfirmations }));
