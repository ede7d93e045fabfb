import type { SystemUseCase } from '#lib/contract/task.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { contract } from './contract.ts';

type Needs = { migrate: (scope: SystemScope) => Promise<{ applied: string[]; alreadyThere: string[] }> };

/** Applies the migrations that the database does not have yet. */
export const migrateDatabase =
  ({ migrate }: Needs): SystemUseCase<typeof contract> =>
  (_input, scope) =>
    migrate(scope);
