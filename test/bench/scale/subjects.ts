import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { WarmSubject } from '../medians.ts';
import type { Asked } from './asked.ts';
import { BIGGEST } from './people.ts';

type Handler = (event: unknown, context: unknown) => Promise<{ statusCode?: number; body?: string }>;
type Query = Readonly<Record<string, string>>;

const context = { awsRequestId: 'scale', functionName: 'scale', getRemainingTimeInMillis: () => 60_000 };
const event = (more: object) => ({
  rawPath: '/',
  rawQueryString: '',
  headers: { 'x-business-tenant-id': BIGGEST, 'content-type': 'application/json' },
  isBase64Encoded: false,
  requestContext: { authorizer: { jwt: { claims: { sub: 'scale', business_roles: `${BIGGEST}:OWNER` } } } },
  ...more,
});

/** The bundles of one folder, on the database of one URI: each of them connects by what the environment says then. */
export const bundlesOn = ({ bundles, uri }: { bundles: string; uri: string }) => {
  const load = createRequire(import.meta.url);
  const call = async (name: string, input: object): Promise<any> => {
    process.env['MONGODB_URI'] = uri;
    const { handler } = load(join(bundles, name, 'index.cjs')) as { handler: Handler };
    const answer = await handler(input, context);
    if (![200, 201, undefined].includes(answer.statusCode))
      throw new Error(`${name} answered ${answer.body}`);
    return answer.body === undefined ? answer : JSON.parse(answer.body);
  };
  return {
    run: (name: string) => call(name, {}),
    ask: (name: string, more: object) => call(name, event(more)),
    query: (name: string, queryStringParameters: Query) => call(name, event({ queryStringParameters })),
  };
};
export type Bundles = ReturnType<typeof bundlesOn>;

const DEEP = 100_000;
const PAGE = 20;
/** Ends the name of what goes on where the list of that name ended. */
export const NEXT_PAGE = ', then page 2';
/** The page that begins at depth 100,000, or the last one that a full one follows. */
const deepPage = (customers: number): number => Math.floor(Math.min(DEEP, customers - 2 * PAGE) / PAGE) + 1;
/** How deep that is, for the figures. */
export const depthOf = (customers: number): number => (deepPage(customers) - 1) * PAGE;

let serial = 0;
const newCustomer = () => {
  serial += 1;
  const unique = `${Date.now().toString(36)}${serial.toString(36)}`;
  const phone = `4822${String(Date.now()).slice(-8)}${String(serial % 1_000).padStart(3, '0')}`;
  return {
    body: JSON.stringify({ firstName: 'Zofia', lastName: 'Nowa', email: `z${unique}@example.com`, phone }),
  };
};

/** Everything that is measured on one size, by its name. */
export const subjectsOf = async ({ ask, query }: Bundles, asked: Asked): Promise<WarmSubject[]> => {
  let round = 0;
  const next = (list: readonly string[]): string => list[(round += 1) % list.length]!;
  const find = (parameters: Query) => () => query('find-customers', parameters);
  const deep = { page: String(deepPage(asked.customers)) };
  const searches = [];
  for (const [what, phrase] of Object.entries(asked.phrases)) {
    const call = find({ phrase });
    const { nextCursor } = await call();
    searches.push({ name: `search, ${what}`, phrase, call, nextCursor });
  }
  const { nextCursor: second } = await find({})();
  const { nextCursor: afterDeep } = await find(deep)();
  return [
    { name: 'get', call: () => ask('get-customer', { pathParameters: { id: next(asked.ids) } }) },
    { name: 'look-up by email', call: () => query('look-up-customer', { email: next(asked.emails) }) },
    { name: 'look-up by phone', call: () => query('look-up-customer', { phone: next(asked.phones) }) },
    ...searches.flatMap(({ name, call, nextCursor, phrase }) => [
      { name, call },
      // What was counted for page 1 comes with the cursor: this one only finds.
      ...(nextCursor === undefined
        ? []
        : [{ name: `${name}${NEXT_PAGE}`, call: find({ phrase, cursor: nextCursor }) }]),
    ]),
    { name: 'page 1', call: find({}) },
    { name: `page 1${NEXT_PAGE}`, call: find({ cursor: second }) },
    { name: 'deep page, numbered', call: find(deep) },
    { name: 'deep page, by cursor', call: find({ cursor: afterDeep }) },
    {
      name: 'statistics, 30 days',
      call: () => query('get-customer-statistics', { from: '2026-10-02', to: '2026-10-31' }),
    },
    {
      name: 'statistics, 366 days',
      call: () => query('get-customer-statistics', { from: '2025-10-31', to: '2026-10-31' }),
    },
    { name: 'create', call: () => ask('create-customer', newCustomer()) },
  ];
};
