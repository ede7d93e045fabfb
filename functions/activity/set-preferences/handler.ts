import { serve } from '#lib/serve/serve.ts';
import { customerPreferences } from '#lib/store/activity/preferences.ts';
import { contract } from './contract.ts';
import { setPreferences } from './set-preferences.ts';

export const handler = serve(
  contract,
  setPreferences({ preferences: customerPreferences, now: () => new Date() }),
);
