import { serve } from '#lib/serve/serve.ts';
import { customerPreferences } from '#lib/store/activity/preferences.ts';
import { contract } from './contract.ts';
import { getPreferences } from './get-preferences.ts';

export const handler = serve(contract, getPreferences({ preferences: customerPreferences }));
