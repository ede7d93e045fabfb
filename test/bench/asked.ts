import { randomBytes } from 'node:crypto';

/** Whose customers are asked for. */
export const BUSINESS_ID = randomBytes(12).toString('hex');
export const ROLES = `${BUSINESS_ID}:OWNER`;

/** What Lambda hands over beside the event. */
export const context = {
  awsRequestId: 'bench',
  functionName: 'bench',
  getRemainingTimeInMillis: () => 10_000,
};

/** The gateway's event, as far as it is read. */
export const event = (more: object) => ({
  rawPath: '/',
  rawQueryString: '',
  headers: { 'x-business-tenant-id': BUSINESS_ID, 'content-type': 'application/json' },
  isBase64Encoded: false,
  requestContext: { authorizer: { jwt: { claims: { sub: 'bench', business_roles: ROLES } } } },
  ...more,
});

/** Makes customers of whom no two have an email or a phone in common, as the bodies of requests. */
export const customerBodies = () => {
  let serial = 0;
  return (): string => {
    serial += 1;
    const digits = String(serial).padStart(6, '0');
    return JSON.stringify({
      firstName: 'Zofia',
      lastName: `Kowalska-${digits}`,
      email: `zofia.${digits}@example.com`,
      phone: `48600${digits}`,
      note: 'Prefers mornings.',
    });
  };
};
