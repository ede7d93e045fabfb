import { CANARY_DIGITS } from './canaries.ts';

let made = 0;

/**
 * The body of a regular customer with contact data of its own. Each personal value contains a canary text, which is
 * recognized wherever it must not appear.
 */
export const aCustomer = (overrides: Readonly<Record<string, unknown>> = {}) => {
  made += 1;
  const serial = `${String(process.pid % 1000).padStart(3, '0')}${String(made).padStart(5, '0')}`;
  return {
    firstName: 'Anna Canary',
    lastName: `Canary${serial}`,
    email: `canary-${serial}@example.com`,
    phone: `${CANARY_DIGITS}${serial}`,
    note: `canary note ${serial}`,
    customerType: 'regular',
    ...overrides,
  };
};
