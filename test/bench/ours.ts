import { context, customerBodies, event } from './asked.ts';
import { type Handler, openBundle, type Site } from './site.ts';

const CUSTOMERS = 200;

/** What is measured of the functions, each by one call. */
export const KINDS = ['get', 'page', 'create', 'change'] as const;
export type Kind = (typeof KINDS)[number];
export type Calls = Readonly<Record<Kind, () => Promise<unknown>>>;

/** So many calls of a kind until it is hot: until then each takes less than the one before, as ever more is compiled. */
export const UNTIL_HOT: Readonly<Record<Kind, number>> = {
  get: 8_000,
  page: 4_000,
  create: 1_000,
  change: 1_000,
};

/** The body as it is sent: reading it is the client's. */
const answered = async (handler: Handler, more: object): Promise<string> => {
  const { statusCode, body } = await handler(event(more), context);
  if (statusCode !== 200 && statusCode !== 201) throw new Error(`A handler answered ${body}`);
  return body;
};

/** The handlers on a database of their own, with customers, each called once: they are connected. */
export const oursOn = async (site: Site, uri: string) => {
  process.env['MONGODB_URI'] = uri;
  const open = (name: string) => openBundle(site.bundleOf(name));
  const [get, find, create, change] = [
    open('get-customer'),
    open('find-customers'),
    open('create-customer'),
    open('change-customer'),
  ];
  const body = customerBodies();
  await open('migrate-database')({}, context);
  const ids: string[] = [];
  while (ids.length < CUSTOMERS) ids.push(JSON.parse(await answered(create, { body: body() }))._id);
  let changes = 0;
  const calls: Calls = {
    get: () => answered(get, { pathParameters: { id: ids[0] } }),
    page: () => answered(find, { queryStringParameters: {} }),
    create: () => answered(create, { body: body() }),
    change: () => {
      changes += 1;
      const id = ids[changes % ids.length];
      return answered(change, {
        pathParameters: { id },
        body: JSON.stringify({ note: `Called ${changes}.` }),
      });
    },
  };
  for (const kind of KINDS) await calls[kind]();
  return { calls, ids };
};
