import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { isCountry } from '#lib/domain/phone.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { type BusinessSettings, changeSettings as changed } from '#lib/domain/settings.ts';
import type { contract } from './contract.ts';

type Version = { version: number; at: Date };
type Needs = {
  readSettings: (scope: BusinessScope) => Promise<{ settings: BusinessSettings; version: number }>;
  saveSettings: (settings: BusinessSettings, version: Version, scope: BusinessScope) => void;
  now: () => Date;
};

export const changeSettings =
  ({ readSettings, saveSettings, now }: Needs): UseCase<typeof contract> =>
  async ({ body }, scope) => {
    if (body.defaultCountry !== undefined && !isCountry(body.defaultCountry)) throw unknownCountry();
    const { settings: before, version } = await readSettings(scope);
    const after = changed(before, body);
    if (after !== before) saveSettings(after, { version, at: now() }, scope);
    return ok(after);
  };

const unknownCountry = (): Refusal => {
  const message = 'No country with telephone numbers has this code. Use an ISO 3166-1 code such as PL.';
  return new Refusal('invalid-request', message, {
    violations: [{ in: 'body', pointer: '#/defaultCountry', error: 'unknown-country', message }],
  });
};
