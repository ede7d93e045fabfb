import { serveTask } from '#lib/http/serve-task.ts';
import { findConflicts, findPending, holdMore, settle } from '#lib/store/uniqueness.ts';
import { contract } from './contract.ts';
import { enforceUniqueness } from './enforce-uniqueness.ts';

const ports = { findPending, findConflicts, holdMore, settle, nowMs: () => Date.now() };
export const handler = serveTask(contract, enforceUniqueness(ports));
