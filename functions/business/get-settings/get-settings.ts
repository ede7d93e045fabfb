import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import type { contract } from './contract.ts';

type Needs = { readSettings: (scope: BusinessScope) => Promise<{ settings: BusinessSettings }> };

/** Answers the settings of the caller's business, including defaults. */
export const getSettings =
  ({ readSettings }: Needs): UseCase<typeof contract> =>
  async (_request, scope) => {
    const { settings } = await readSettings(scope);
    return ok(settings);
  };
