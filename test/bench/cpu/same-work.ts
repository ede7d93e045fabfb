import { isDeepStrictEqual } from 'node:util';
import { randomUUID } from 'node:crypto';
import { type Db, type Document, MongoClient } from 'mongodb';
import { context, event } from '../asked.ts';
import { openBundle, type Site } from '../site.ts';
import type { Answered, Server } from './server.ts';

/** A server and the database that is its own. */
export type Peer = Readonly<{ name: string; server: Server; uri: string }>;

/** Changes when a business asks for more, whatever the request does. */
const IS_APART = new Set(['rate_limit']);

/** What Lambda grants a task. */
const UNHURRIED = { ...context, getRemainingTimeInMillis: () => 900_000 };

/** The kind of each value, with the length of each list: what two documents have in common that hold the same. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value.constructor.name;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, inner]) => [name, shapeOf(inner)]),
  );
};

/** The shapes of the documents that are there afterwards and were not before, by collection. */
const leftBy = async (database: Db, work: () => Promise<unknown>): Promise<Record<string, unknown>> => {
  const collections = (await database.collections())
    .filter(({ collectionName }) => !IS_APART.has(collectionName))
    .sort((one, other) => one.collectionName.localeCompare(other.collectionName));
  const before = await Promise.all(
    collections.map((each) => each.find<Document>({}, { projection: { _id: 1 } }).toArray()),
  );
  await work();
  const left = await Promise.all(
    collections.map((each, index) =>
      each.find({ _id: { $nin: before[index]!.map(({ _id }) => _id) } }).toArray(),
    ),
  );
  return Object.fromEntries(
    collections.map(({ collectionName }, index) => [collectionName, left[index]!.map(shapeOf)]),
  );
};

const same = (what: string, one: unknown, other: unknown): void => {
  if (isDeepStrictEqual(one, other)) return;
  const [found, expected] = [one, other].map((side) => JSON.stringify(side));
  throw new Error(`A peer does not do the same work: ${what} is ${found}, and ${expected} in ours.`);
};

/** A cursor is sealed with chance. */
const comparable = ({ nextCursor, ...body }: Document) => ({ ...body, hasMore: nextCursor !== undefined });

/** Ours, reading what a peer has stored, answers what the peer answers: its records are sealed and kept as ours are. */
const answersAsOurs = async (site: Site, { name, server, uri }: Peer, id: string): Promise<void> => {
  process.env['MONGODB_URI'] = uri;
  const compare = async (useCase: string, more: object, answer: Answered) => {
    const ours = await openBundle(site.bundleOf(useCase))(event(more), context);
    const headers = Object.entries(ours.headers ?? {});
    same(`${name}: status`, answer.status, ours.statusCode);
    same(`${name}: body`, comparable(answer.body), comparable(JSON.parse(ours.body)));
    same(
      `${name}: headers`,
      headers.map(([header]) => [header, answer.headers.get(header)]),
      headers,
    );
  };
  await compare('get-customer', { pathParameters: { id } }, await server.get(id));
  await compare('find-customers', { queryStringParameters: {} }, await server.page());
  const verified = await openBundle(site.bundleOf('verify-histories'))({}, UNHURRIED);
  same(`${name}: verified histories`, verified, { ...verified, outcome: 'finished', flawed: [] });
};

/** What an answer to a create has in common with every other one. */
const told = ({ status, headers, body }: Answered) => ({
  status,
  body: shapeOf(body),
  etag: headers.get('etag'),
  hasLocation: headers.get('location')?.endsWith(`/${body._id}`),
  isReplayed: headers.get('idempotent-replayed'),
});

/** One more customer in a server's database, asked for twice with one key; then it is read. */
const tried = async (client: MongoClient, { server, uri }: Peer) => {
  const database = client.db(new URL(uri).pathname.slice(1));
  const [body, key, before] = [server.nextBody(), randomUUID(), server.lines().length];
  const answers: Answered[] = [];
  const create = async () => answers.push(await server.create(body, key));
  const work = { left: await leftBy(database, create), leftAgain: await leftBy(database, create) };
  const id: string = answers[0]!.body._id;
  await server.get(id);
  await server.page();
  const lines = server.lines().slice(before);
  return { ...work, answers: answers.map(told), lines: lines.map((line) => shapeOf(JSON.parse(line))), id };
};

/** @throws Error when a peer answers, stores or writes into its log otherwise than ours */
export const refuseOtherWork = async (site: Site, [ours, ...peers]: readonly Peer[]): Promise<void> => {
  const client = await MongoClient.connect(site.uriOf('cpu'));
  const { id: _, ...expected } = await tried(client, ours!);
  for (const peer of peers) {
    const { id, ...work } = await tried(client, peer);
    for (const [collection, documents] of Object.entries(expected.left))
      same(`${peer.name}: what a create leaves in ${collection}`, work.left[collection], documents);
    same(`${peer.name}: what it leaves when it is sent again`, work.leftAgain, expected.leftAgain);
    same(`${peer.name}: its answers`, work.answers, expected.answers);
    same(`${peer.name}: the access log`, work.lines, expected.lines);
    await answersAsOurs(site, peer, id);
  }
  await client.close();
};
