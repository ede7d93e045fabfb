import { serve } from '#lib/serve/serve.ts';
import { customerConsents } from '#lib/store/rights/consents.ts';
import { contract } from './contract.ts';
import { recordConsents } from './record-consents.ts';

export const handler = serve(contract, recordConsents({ consents: customerConsents }));
