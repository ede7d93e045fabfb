import { serve } from '#lib/serve/serve.ts';
import { openPlace, sealPlace } from '#lib/store/keys/sealed-cursor.ts';
import { preferencesOf } from '#lib/store/customers/sealed-preferences.ts';
import { customerExports } from '#lib/store/rights/exports.ts';
import { RETENTION } from '#lib/store/rights/places.ts';
import { contract } from './contract.ts';
import { exportCustomer } from './export-customer.ts';

const ports = {
  exports: customerExports,
  readPreferences: preferencesOf,
  retention: RETENTION,
  sealPlace,
  openPlace,
  now: () => new Date(),
};
export const handler = serve(contract, exportCustomer(ports));
