import { serve } from '#lib/serve/serve.ts';
import { openPlace, sealPlace } from '#lib/store/keys/sealed-cursor.ts';
import { customerConsents } from '#lib/store/rights/consents.ts';
import { contract } from './contract.ts';
import { getConsents } from './get-consents.ts';

export const handler = serve(contract, getConsents({ consents: customerConsents, sealPlace, openPlace }));
