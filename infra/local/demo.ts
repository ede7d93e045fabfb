import type { Gateway } from './gateway.ts';

/** The business used by the docs page and the printed calls. */
export const DEMO_BUSINESS = '64c0ffee64c0ffee64c0ffee';

const ANNA = { firstName: 'Anna', lastName: 'Nowak', email: 'anna@example.com', phone: '+48 512 345 678' };

/** What `npm start` prints when the service runs: addresses, a token, and three calls to paste into a terminal. */
export const welcome = ({ url, token }: Pick<Gateway, 'url' | 'token'>): string => {
  const bearer = token({ businessId: DEMO_BUSINESS, role: 'OWNER' });
  const headers = `-H 'Authorization: Bearer ${bearer}' -H 'x-business-tenant-id: ${DEMO_BUSINESS}'`;
  const json = `-H 'Content-Type: application/json' -d '${JSON.stringify(ANNA)}'`;
  return `
The service runs at ${url}
Read the API documentation and try calls at ${url}/docs

A token for the owner of business ${DEMO_BUSINESS}, valid for an hour:
${bearer}

Create a customer, find it, and read the contract:
curl -s -X POST ${url}/api/v1/customer ${headers} ${json}
curl -s '${url}/api/v1/customer/paged?phrase=anna' ${headers}
curl -s ${url}/api/v1/openapi.json

Press Ctrl-C to stop everything.
`;
};
