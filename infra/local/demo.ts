import type { Gateway } from './gateway.ts';

/** The business used by the docs page and the printed calls. */
export const DEMO_BUSINESS = '64c0ffee64c0ffee64c0ffee';

const ANNA = { firstName: 'Anna', lastName: 'Nowak', email: 'anna@example.com', phone: '+48 512 345 678' };
const CONSENT = {
  ...{ purpose: 'marketing', channel: 'email', granted: true },
  ...{ source: 'desk', lawfulBasis: 'consent', textVersion: 'newsletter-1' },
};

const ORDER_ID = '65c0ffee65c0ffee65c0ffee';

/** A visit that is done, as the order service tells of it. In a shell, `$ID` is the customer. */
const order = (at: Date): object => {
  const start = new Date(at.getTime() - 60 * 60 * 1_000);
  const details = { start, end: at, specialists: [], attendees: [{ customer: { _id: '$ID' } }] };
  const line = {
    status: 'done',
    serviceSnapshot: { _id: '66c0ffee66c0ffee66c0ffee' },
    orderAppointmentDetails: details,
  };
  // Without an id and a time, each paste is a newer event: one that is pasted again later counts, too.
  return {
    ...{ specversion: '1.0', source: 'beeoclock.order', type: 'beeoclock.order.changed.v1' },
    ...{ subject: ORDER_ID, businessid: DEMO_BUSINESS },
    data: { _id: ORDER_ID, status: 'done', services: [line] },
  };
};

/** What `npm start` prints when the service runs: addresses, a token, and calls to paste into a terminal. */
export const welcome = ({ url, token }: Pick<Gateway, 'url' | 'token'>): string => {
  const bearer = token({ businessId: DEMO_BUSINESS, role: 'OWNER' });
  const headers = `-H 'Authorization: Bearer ${bearer}' -H 'x-business-tenant-id: ${DEMO_BUSINESS}'`;
  const json = (body: object): string => `-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  const customer = `${url}/api/v1/customer`;
  const event = JSON.stringify(order(new Date())).replace('$ID', `'"$ID"'`);
  return `
The service runs at ${url}
Read the API documentation and try calls at ${url}/docs

A token for the owner of business ${DEMO_BUSINESS}, valid for an hour:
${bearer}

Create a customer, find it, and read the contract:
curl -s -X POST ${customer} ${headers} ${json(ANNA)}
curl -s '${customer}/paged?phrase=anna' ${headers}
curl -s ${url}/api/v1/openapi.json

Take the id of that customer. Tell of a visit as the order service would, wait until it is recorded, and see what the
customer's orders amount to:
ID=$(curl -s '${customer}/lookup?email=${ANNA.email}' ${headers} | grep -o '[0-9a-f]\\{24\\}' | head -n 1)
curl -s -X POST ${url}/_local/events -d '${event}'
sleep 2
curl -s ${customer}/$ID/orders ${headers}

See the newest event that this service told the others, and the queues of those that it hears:
curl -s '${url}/_local/events?direction=out&limit=1'
curl -s ${url}/_local/queues

Record a consent, ask who may get a newsletter, export everything, erase the customer for good, and read the receipt:
curl -s -X PUT ${customer}/$ID/consents ${headers} ${json({ consents: [CONSENT] })}
curl -s -X POST ${customer}/recipients ${headers} ${json({ channel: 'email', segment: { visitsAtLeast: 1 } })}
curl -s ${customer}/$ID/export ${headers}
curl -s -X POST ${customer}/$ID/erase ${headers} ${json({ reason: 'Anna asked for it at the desk.' })}
curl -s ${customer}/erasures/$ID ${headers}

Write the erasure into the ledger in .local/objects, as the schedule does every 5 minutes:
curl -s -X POST ${url}/_local/schedules/finish-erasures/run

Press Ctrl-C to stop everything.
`;
};
