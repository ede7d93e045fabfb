import type { Connection } from 'mongoose';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { createCollections } from './0001-create-collections.ts';
import { createRateLimit } from './0002-create-rate-limit.ts';
import { noteKeyUse } from './0003-note-key-use.ts';
import { indexMatchKeys } from './0004-index-match-keys.ts';
import { createMerge } from './0005-create-merge.ts';
import { createRefusalBudget } from './0006-create-refusal-budget.ts';
import { indexMergedInto } from './0007-index-merged-into.ts';
import { createConsent } from './0008-create-consent.ts';
import { indexErasures } from './0009-index-erasures.ts';
import { noteUnledgered } from './0010-note-unledgered.ts';
import { indexReach } from './0011-index-reach.ts';
import { createArchive } from './0012-create-archive.ts';
import { oneLinkForEachCustomer } from './0013-one-link-for-each-customer.ts';
import { createActivity } from './0014-create-activity.ts';
import { growOutbox } from './0015-grow-outbox.ts';
import { createSegment } from './0016-create-segment.ts';

type Migration = Readonly<{
  name: string;
  apply: (connection: Connection, scope: SystemScope) => Promise<void>;
}>;

/** In the order in which they are applied, which never changes. Each must be safe to repeat after a run was killed. */
const MIGRATIONS: readonly Migration[] = [
  { name: '0001-create-collections', apply: createCollections },
  { name: '0002-create-rate-limit', apply: createRateLimit },
  { name: '0003-note-key-use', apply: noteKeyUse },
  { name: '0004-index-match-keys', apply: indexMatchKeys },
  { name: '0005-create-merge', apply: createMerge },
  { name: '0006-create-refusal-budget', apply: createRefusalBudget },
  { name: '0007-index-merged-into', apply: indexMergedInto },
  { name: '0008-create-consent', apply: createConsent },
  { name: '0009-index-erasures', apply: indexErasures },
  { name: '0010-note-unledgered', apply: noteUnledgered },
  { name: '0011-index-reach', apply: indexReach },
  { name: '0012-create-archive', apply: createArchive },
  { name: '0013-one-link-for-each-customer', apply: oneLinkForEachCustomer },
  { name: '0014-create-activity', apply: createActivity },
  { name: '0015-grow-outbox', apply: growOutbox },
  { name: '0016-create-segment', apply: createSegment },
];

/** Applies the migrations that the database does not have yet. Returns their names, and those of the earlier ones. */
export const migrate = async (scope: SystemScope): Promise<{ applied: string[]; alreadyThere: string[] }> => {
  const connection = await connect();
  const records = modelOf(connection, 'migration');
  const done = new Set((await records.find().setOptions(queryOptions(scope)).lean()).map(({ _id }) => _id));
  const pending = MIGRATIONS.filter(({ name }) => !done.has(name));
  for (const { name, apply } of pending) {
    const startedAt = Date.now();
    await apply(connection, scope);
    await records
      .updateOne({ _id: name }, { $setOnInsert: { appliedAt: new Date() } }, { upsert: true })
      .setOptions(queryOptions(scope));
    logEvent('migration-applied', { migration: name, durationMs: Date.now() - startedAt });
  }
  const applied = pending.map(({ name }) => name);
  return { applied, alreadyThere: [...done].filter((name) => !applied.includes(name)) };
};
