import { toPreferencesDto } from '#lib/contract/preferences-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { setPreferences as changed } from '#lib/domain/activity/preferences.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { CustomerPreferences } from '#lib/store/activity/preferences.ts';
import type { contract } from './contract.ts';

type Needs = { preferences: Pick<CustomerPreferences, 'find' | 'set'>; now: () => Date };

/**
 * Sets the preferences of a customer. For a merged customer, it sets those of the survivor. The same ones again write
 * nothing.
 */
export const setPreferences =
  ({ preferences, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, body }, scope) => {
    const found = await preferences.find(id, scope);
    if (found === null) throw customerNotFound();
    const after = changed(found.preferences, body);
    await preferences.set(found, { after, at: now() }, scope);
    return ok(toPreferencesDto(after));
  };
