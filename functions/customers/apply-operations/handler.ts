import { operation, serveBulk } from '#lib/serve/serve-bulk.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { applyOperations } from './apply-operations.ts';
import { contract, operations } from './contract.ts';

const steps = applyOperations({ customers, settingsOf, now: () => new Date() });
export const handler = serveBulk(contract, {
  create: operation(operations.create, steps.create),
  change: operation(operations.change, steps.change, customers.requireKnown),
  delete: operation(operations.delete, steps.delete),
});
