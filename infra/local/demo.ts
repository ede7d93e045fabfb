import type { Gateway } from './gateway.ts';

/** The business that the docs page and the printed calls use. */
export const DEMO_BUSINESS = '64c0ffee64c0ffee64c0ffee';

const ANNA = { firstName: 'Anna', lastName: 'Nowak', email: 'anna@example.com', phone: '+48 512 345 678' };

/** What to do with a running service: its addresses, a token, and three calls that work when pasted. */
export const welcome = ({ url, token }: Pick<Gateway, 'url' | 'token'>): string => {
  const bearer = token({ businessId: DEMO_BUSINESS, role: 'OWNER' });
  const headers = `-H 'Authorization: Bearer ${bearer}' -H 'x-business-tenant-id: ${DEMO_BUSINESS}'`;
  const json = `-H 'Content-Type: application/json' -d '${JSON.stringify(ANNA)}'`;
  return `
Served on ${url}
Docs, to read and to try: ${url}/docs

A token for the owner of the business ${DEMO_BUSINESS}, good for an hour:
${bearer}

Create a customer, find it, read the contract:
curl -s -X POST ${url}/api/v1/customer ${headers} ${json}
curl -s '${url}/api/v1/customer/paged?phrase=anna' ${headers}
curl -s ${url}/api/v1/openapi.json

Ctrl-C stops it and leaves nothing running.
`;
};
