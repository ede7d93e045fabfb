import { serve } from '#lib/serve/serve.ts';
import { findErasure } from '#lib/store/rights/erasures.ts';
import { KEPT_PLACES } from '#lib/store/rights/places.ts';
import { contract } from './contract.ts';
import { getErasure } from './get-erasure.ts';

export const handler = serve(contract, getErasure({ findErasure, kept: KEPT_PLACES }));
