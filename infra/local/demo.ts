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

/** A call of the API, to paste into a terminal in which `call` and the names are set. */
const call = (method: string, path: string, body?: object): string =>
  [
    ...['call', method === 'GET' ? '' : `-X ${method}`, `"$API/api/v1/customer${path}"`],
    body === undefined ? '' : `-d '${JSON.stringify(body)}'`,
  ]
    .filter(Boolean)
    .join(' ');

/** The addresses, and the lines that set what all calls use. docs/privacy.md has calls of the same form. */
const opening = ({ url }: Served): string => `
The service runs at ${url}
Read the API documentation and try calls at ${url}/docs

Paste these lines first. The token is the owner's, for an hour; for others, add ?role=SUPPORT or &businessId=<id> to its address.
export API=${url} BUSINESS=${DEMO_BUSINESS}
export TOKEN=$(curl -s $API/_local/token)
call() { curl -s -H "Authorization: Bearer $TOKEN" -H "x-business-tenant-id: $BUSINESS" -H 'Content-Type: application/json' "$@"; }
`;

const CLOSING = '\nPress Ctrl-C to stop everything.';

type Served = Readonly<{ url: string; demoCalls?: string | undefined }>;

/** What `npm start` prints when the service runs: addresses, how to get a token, and calls to paste into a terminal. */
export const welcome = (served: Served): string =>
  `${opening(served)}\n${served.demoCalls ?? lifeOfAnna()}\n${CLOSING}`;

/** Calls from creating a customer to erasing it. */
const lifeOfAnna = (): string => {
  const event = JSON.stringify(order(new Date())).replace('$ID', `'"$ID"'`);
  const findId = `grep -o '[0-9a-f]\\{24\\}' | head -n 1`;
  return `Create a customer, find it, and read the contract:
${call('POST', '', ANNA)}
${call('GET', '/paged?phrase=anna')}
curl -s $API/api/v1/openapi.json

Take the id of that customer. Tell of a visit as the order service would, wait until it is recorded, and see what the
customer's orders amount to:
ID=$(${call('GET', `/lookup?email=${ANNA.email}`)} | ${findId})
curl -s -X POST $API/_local/events -d '${event}'
sleep 2
${call('GET', '/$ID/orders')}

See the newest event that this service told the others, and the queues of those that it hears:
curl -s "$API/_local/events?direction=out&limit=1"
curl -s $API/_local/queues

Record a consent, ask who may get a newsletter, export everything, erase the customer for good, and read the receipt:
${call('PUT', '/$ID/consents', { consents: [CONSENT] })}
${call('POST', '/recipients', { channel: 'email', segment: { visitsAtLeast: 1 } })}
${call('GET', '/$ID/export')}
${call('POST', '/$ID/erase', { reason: 'Anna asked for it at the desk.' })}
${call('GET', '/erasures/$ID')}

Write the erasure into the ledger in .local/objects, as the schedule does every 5 minutes:
curl -s -X POST $API/_local/schedules/finish-erasures/run`;
};
