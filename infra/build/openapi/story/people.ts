/**
 * The people of the examples: customers of a salon in London, all invented. Their emails are at example.com (RFC 2606) and their
 * phones among the numbers that Ofcom keeps for fiction, so no example reaches anybody.
 */
export const ID = {
  anna: '674a1c5e0000000000000001',
  leo: '674a1c5e0000000000000002',
  maya: '674a1c5e0000000000000003',
  noor: '674a1c5e0000000000000004',
  /** Anna, entered a second time. */
  annaAgain: '674a1c5e0000000000000005',
  sam: '674a1c5e0000000000000006',
  /** They have been in the archive for long. */
  grace: '674a1c5e0000000000000007',
  ivy: '674a1c5e0000000000000008',
  colour: '674a1c5e00000000000000a1',
  cut: '674a1c5e00000000000000a2',
  stylist: '674a1c5e00000000000000b1',
} as const;

/** What the service makes itself in place of these: a segment’s id, and the token of an unsubscribe link. */
export const MADE = {
  segmentId: '674a1c5e00000000000000c1',
  token: 'AZNKHF4AAAAAAAAAAAFnShxeAAAAAAAAAAFtYXJrZXRpbmc6ZW1haWyYc3RvcnktdG9rZW4tb2YtYW5uYS1ub3Zhaw',
} as const;

export const ANNA = {
  _id: ID.anna,
  firstName: 'Anna',
  lastName: 'Novak',
  email: 'anna.novak@example.com',
  phone: '+44 7700 900123',
  customerType: 'regular',
  note: 'Prefers mornings.',
};

export const LEO = {
  _id: ID.leo,
  firstName: 'Leo',
  lastName: 'Martin',
  phone: '+44 7700 900145',
  customerType: 'regular',
};

export const MAYA = {
  _id: ID.maya,
  firstName: 'Maya',
  lastName: 'Okafor',
  email: 'maya.okafor@example.com',
  customerType: 'regular',
};

const another = (_id: string, firstName: string, lastName: string) => ({
  ...{ _id, firstName, lastName },
  email: `${firstName.toLowerCase()}.${lastName.toLowerCase()}@example.com`,
  customerType: 'regular',
});
export const SAM = another(ID.sam, 'Sam', 'Rivera');
export const GRACE = another(ID.grace, 'Grace', 'Lindqvist');
export const IVY = another(ID.ivy, 'Ivy', 'Tanaka');
export const ANNA_AGAIN = { ...another(ID.annaAgain, 'Ana', 'Novak'), email: 'anna.novak@example.org' };
