import { serve } from '#lib/serve/serve.ts';
import { legalHolds } from '#lib/store/rights/legal-holds.ts';
import { contract } from './contract.ts';
import { placeLegalHold } from './place-legal-hold.ts';

export const handler = serve(contract, placeLegalHold({ legalHolds, now: () => new Date() }));
