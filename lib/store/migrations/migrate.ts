import type { Connection } from 'mongoose';
import type { SystemScope } from '#lib/domain/actor.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { connect } from '#lib/store/connection.ts';
import { askedBy } from '#lib/store/isolation/asked-by.ts';
import { modelOf } from '#lib/store/models/models.ts';
import { createCollections } from './0001-create-collections.ts';
import { createRateLimit } from './0002-create-rate-limit.ts';
import { noteKeyUse } from './0003-note-key-use.ts';
import { indexMatchKeys } from './0004-index-match-keys.ts';
import { createMerge } from './0005-create-merge.ts';

type Migration = Readonly<{
  name: string;
  apply: (connection: Connection, scope: SystemScope) => Promise<void>;
}>;

/** In the order they are applied, for ever; each must be safe to repeat, as a run can die anywhere. */
const MIGRATIONS: readonly Migration[] = [
  { name: '0001-create-collections', apply: createCollections },
  { name: '0002-create-rate-limit', apply: createRateLimit },
  { name: '0003-note-key-use', apply: noteKeyUse },
  { name: '0004-index-match-keys', apply: indexMatchKeys },
  { name: '0005-create-merge', apply: createMerge },
];

/** Applies what the database does not have yet. */
export const migrate = async (scope: SystemScope): Promise<{ applied: string[]; alreadyThere: string[] }> => {
  const connection = await connect();
  const records = modelOf(connection, 'migration');
  const done = new Set((await records.find().setOptions(askedBy(scope)).lean()).map(({ _id }) => _id));
  const pending = MIGRATIONS.filter(({ name }) => !done.has(name));
  for (const { name, apply } of pending) {
    const startedAt = Date.now();
    await apply(connection, scope);
    await records
      .updateOne({ _id: name }, { $setOnInsert: { appliedAt: new Date() } }, { upsert: true })
      .setOptions(askedBy(scope));
    logEvent('migration-applied', { migration: name, durationMs: Date.now() - startedAt });
  }
  const applied = pending.map(({ name }) => name);
  return { applied, alreadyThere: [...done].filter((name) => !applied.includes(name)) };
};
