import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { BusinessSettings } from '#lib/domain/settings.ts';
import type { contract } from './contract.ts';

type Needs = { readSettings: (scope: BusinessScope) => Promise<{ settings: BusinessSettings }> };

export const getSettings =
  ({ readSettings }: Needs): UseCase<typeof contract> =>
  async (_request, scope) => {
    const { settings } = await readSettings(scope);
    return ok(settings);
  };
