import { serve } from '#lib/http/serve.ts';
import { readSettings } from '#lib/store/settings.ts';
import { contract } from './contract.ts';
import { getSettings } from './get-settings.ts';

export const handler = serve(contract, getSettings({ readSettings }));
