import { serve } from '#lib/serve/serve.ts';
import { readSettings, saveSettings } from '#lib/store/business/stored-settings.ts';
import { changeSettings } from './change-settings.ts';
import { contract } from './contract.ts';

export const handler = serve(contract, changeSettings({ readSettings, saveSettings, now: () => new Date() }));
