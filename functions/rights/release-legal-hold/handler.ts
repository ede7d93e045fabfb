import { serve } from '#lib/serve/serve.ts';
import { legalHolds } from '#lib/store/rights/legal-holds.ts';
import { contract } from './contract.ts';
import { releaseLegalHold } from './release-legal-hold.ts';

export const handler = serve(contract, releaseLegalHold({ legalHolds, now: () => new Date() }));
