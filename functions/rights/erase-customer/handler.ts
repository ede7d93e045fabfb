import { serveInParts } from '#lib/serve/serve-in-parts.ts';
import {
  beginErasures,
  countDoomed,
  countMerges,
  findDoomed,
  requireSurvivor,
} from '#lib/store/rights/begin-erasure.ts';
import { findErasure, finishOwn } from '#lib/store/rights/erasures.ts';
import { KEPT_PLACES, PLACES } from '#lib/store/rights/places.ts';
import { contract } from './contract.ts';
import { eraseCustomer } from './erase-customer.ts';

const ports = {
  ...{ findErasure, requireSurvivor, findDoomed, countDoomed, countMerges, beginErasures, finishOwn },
  places: PLACES,
  kept: KEPT_PLACES,
  now: () => new Date(),
};
export const handler = serveInParts(contract, eraseCustomer(ports));
