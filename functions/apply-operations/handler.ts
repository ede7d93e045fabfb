import { operation, serveBulk } from '#lib/http/serve-bulk.ts';
import { customerSteps } from '#lib/store/customer-steps.ts';
import { applyOperations } from './apply-operations.ts';
import { contract, operations } from './contract.ts';

const steps = applyOperations(customerSteps);
export const handler = serveBulk(contract, {
  create: operation(operations.create, steps.create),
  change: operation(operations.change, steps.change),
  delete: operation(operations.delete, steps.delete),
});
