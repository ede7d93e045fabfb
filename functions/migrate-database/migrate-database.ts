import type { SystemUseCase } from '#lib/contract/route.ts';
import type { SystemScope } from '#lib/domain/actor.ts';
import type { contract } from './contract.ts';

type Needs = { migrate: (scope: SystemScope) => Promise<{ applied: string[]; alreadyThere: string[] }> };

export const migrateDatabase =
  ({ migrate }: Needs): SystemUseCase<typeof contract> =>
  (_input, scope) =>
    migrate(scope);
