import { serve } from '#lib/serve/serve.ts';
import { readSettings } from '#lib/store/business/stored-settings.ts';
import { contract } from './contract.ts';
import { getSettings } from './get-settings.ts';

export const handler = serve(contract, getSettings({ readSettings }));
