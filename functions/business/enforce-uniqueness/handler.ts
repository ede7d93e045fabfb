import { serveTask } from '#lib/serve/serve-task.ts';
import {
  findConflicts,
  findPending,
  holdMore,
  markEnforced,
} from '#lib/store/business/pending-uniqueness.ts';
import { contract } from './contract.ts';
import { enforceUniqueness } from './enforce-uniqueness.ts';

const ports = { findPending, findConflicts, holdMore, markEnforced, nowMs: () => Date.now() };
export const handler = serveTask(contract, enforceUniqueness(ports));
