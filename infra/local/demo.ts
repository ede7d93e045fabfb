import type { Gateway } from './gateway.ts';

/** The business used by the docs page and the printed calls. */
export const DEMO_BUSINESS = '64c0ffee64c0ffee64c0ffee';

const ANNA = { firstName: 'Anna', lastName: 'Nowak', email: 'anna@example.com', phone: '+48 512 345 678' };
const CONSENT = {
  ...{ purpose: 'marketing', channel: 'email', granted: true },
  ...{ source: 'desk', lawfulBasis: 'consent', textVersion: 'newsletter-1' },
};

/** What `npm start` prints when the service runs: addresses, a token, and calls to paste into a terminal. */
export const welcome = ({ url, token }: Pick<Gateway, 'url' | 'token'>): string => {
  const bearer = token({ businessId: DEMO_BUSINESS, role: 'OWNER' });
  const headers = `-H 'Authorization: Bearer ${bearer}' -H 'x-business-tenant-id: ${DEMO_BUSINESS}'`;
  const json = (body: object): string => `-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  const customer = `${url}/api/v1/customer`;
  return `
The service runs at ${url}
Read the API documentation and try calls at ${url}/docs

A token for the owner of business ${DEMO_BUSINESS}, valid for an hour:
${bearer}

Create a customer, find it, and read the contract:
curl -s -X POST ${customer} ${headers} ${json(ANNA)}
curl -s '${customer}/paged?phrase=anna' ${headers}
curl -s ${url}/api/v1/openapi.json

Take the id of that customer, record a consent, export everything, erase the customer for good, and read the receipt:
ID=$(curl -s '${customer}/lookup?email=${ANNA.email}' ${headers} | grep -o '[0-9a-f]\\{24\\}' | head -n 1)
curl -s -X PUT ${customer}/$ID/consents ${headers} ${json({ consents: [CONSENT] })}
curl -s ${customer}/$ID/export ${headers}
curl -s -X POST ${customer}/$ID/erase ${headers} ${json({ reason: 'Anna asked for it at the desk.' })}
curl -s ${customer}/erasures/$ID ${headers}

Press Ctrl-C to stop everything.
`;
};
