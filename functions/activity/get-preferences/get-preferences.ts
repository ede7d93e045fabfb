import { toPreferencesDto } from '#lib/contract/preferences-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { CustomerPreferences } from '#lib/store/activity/preferences.ts';
import type { contract } from './contract.ts';

type Needs = { preferences: Pick<CustomerPreferences, 'read'> };

/** Answers the preferences of a customer. For a merged customer, it answers those of the survivor. */
export const getPreferences =
  ({ preferences }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const found = await preferences.read(id, scope);
    if (found === null) throw customerNotFound();
    return ok(toPreferencesDto(found));
  };
