let made = 0;

/** A regular customer's body with contact data of its own; `canary` makes it easy to find where it must not be. */
export const aCustomer = (overrides: Readonly<Record<string, unknown>> = {}) => {
  made += 1;
  const serial = `${String(process.pid % 1000).padStart(3, '0')}${String(made).padStart(5, '0')}`;
  return {
    firstName: 'Anna',
    lastName: `Canary${serial}`,
    email: `canary-${serial}@example.com`,
    phone: `481${serial}`,
    note: `canary note ${serial}`,
    customerType: 'regular',
    ...overrides,
  };
};
