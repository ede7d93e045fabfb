/** Everything the service may say about itself: names in the past tense, with only the fields listed. */
export type LogEvents = {
  'request-answered': { route: string; status: number; durationMs: number };
  'request-refused': { route: string; status: number; code: string; durationMs: number };
  'database-connected': { durationMs: number };
  'database-unavailable': { error: string; code?: string; frames?: string; cause?: string };
  'task-finished': { task: string; durationMs: number };
  'purge-batch-finished': { purged: number; purgedSoFar: number };
  'purge-stopped': { reason: string; purged: number; due: number };
  'migration-applied': { migration: string; durationMs: number };
};
