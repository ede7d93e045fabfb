import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { isCountry } from '#lib/domain/spelling/phone.ts';
import { unknownCountry } from '#lib/domain/refusals.ts';
import { type BusinessSettings, changeSettings as changed } from '#lib/domain/business/business-settings.ts';
import type { contract } from './contract.ts';

type Version = { version: number; at: Date };
type Needs = {
  readSettings: (scope: BusinessScope) => Promise<{ settings: BusinessSettings; version: number }>;
  saveSettings: (settings: BusinessSettings, version: Version, scope: BusinessScope) => void;
  now: () => Date;
};

/** Sets the settings that were sent, and leaves the others as they are. Refuses a country that does not exist. */
export const changeSettings =
  ({ readSettings, saveSettings, now }: Needs): UseCase<typeof contract> =>
  async ({ body }, scope) => {
    if (body.defaultCountry !== undefined && !isCountry(body.defaultCountry)) throw unknownCountry();
    const { settings: before, version } = await readSettings(scope);
    const after = changed(before, body);
    if (after !== before) saveSettings(after, { version, at: now() }, scope);
    return ok(after);
  };
