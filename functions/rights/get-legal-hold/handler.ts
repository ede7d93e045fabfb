import { serve } from '#lib/serve/serve.ts';
import { legalHolds } from '#lib/store/rights/legal-holds.ts';
import { contract } from './contract.ts';
import { getLegalHold } from './get-legal-hold.ts';

export const handler = serve(contract, getLegalHold({ legalHolds }));
