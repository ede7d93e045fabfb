import { createPublicKey } from 'node:crypto';
import { dirname, join } from 'node:path';
import { createLocalIssuer } from '#infra/local/local-issuer.ts';
import { BUSINESS_ID, context } from '../asked.ts';
import { installPeers } from '../cpu/peers.ts';
import { type Peer, refuseOtherWork } from '../cpu/same-work.ts';
import { type Kind, startServer } from '../cpu/server.ts';
import { compared, median, type Row, say } from '../figures.ts';
import { UNTIL_HOT } from '../ours.ts';
import { openBundle, type Site } from '../site.ts';

const KINDS: readonly Kind[] = ['get', 'page', 'create'];
const OURS = 'ours';
/** Requests counted in one go. */
const COUNTED: Readonly<Record<Kind, number>> = { get: 300, page: 200, create: 100 };
/** Each has some pages of them, as many as the others. */
const CUSTOMERS = 100;
/** How often all of them start. */
const SITTINGS = 3;
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'customer-management';

/** Ours and the others, each in a process of its own on a database of its own; they trust the same token. */
const startServers = async (site: Site, sitting: number): Promise<readonly Peer[]> => {
  const { keys, token } = await createLocalIssuer({ issuer: ISSUER, audience: [AUDIENCE], header: '' });
  const [key] = keys.keys;
  const environment = {
    NODE_ENV: 'production',
    JWKS: JSON.stringify(keys),
    PUBLIC_KEY: createPublicKey({ key: { ...key }, format: 'jwk' })
      .export({ type: 'spki', format: 'pem' })
      .toString(),
    ISSUER,
    AUDIENCE,
    BUNDLES: dirname(dirname(site.bundleOf('get-customer'))),
  };
  const headers = {
    authorization: `Bearer ${token({ businessId: BUSINESS_ID, role: 'OWNER' })}`,
    'x-business-tenant-id': BUSINESS_ID,
    'content-type': 'application/json',
  };
  const files = { [OURS]: join(import.meta.dirname, '../cpu/front.ts'), ...installPeers() };
  const servers: Peer[] = [];
  for (const [name, file] of Object.entries(files)) {
    const own = `cpu-${sitting}-${servers.length}`;
    const uri = site.uriOf(own);
    process.env['MONGODB_URI'] = uri;
    await openBundle(site.bundleOf('migrate-database'))({}, context);
    servers.push({
      name,
      uri,
      server: await startServer(file, {
        environment,
        headers,
        log: join(site.folder, `${own}.log`),
        isApart: name === OURS,
      }),
    });
  }
  return servers;
};

type Samples = Map<string, number[]>;

/** Another one first each round: who comes first finds what was left before. */
const inTurn = (servers: readonly Peer[], round: number): readonly Peer[] => {
  const first = round % servers.length;
  return [...servers.slice(first), ...servers.slice(0, first)];
};

/** Some rounds with processes that are new: what a process had luck with, or none, it keeps as long as it lives. */
const sit = async (
  site: Site,
  { sitting, rounds, samples }: { sitting: number; rounds: number; samples: Samples },
) => {
  const servers = await startServers(site, sitting);
  for (const { server } of servers) await server.load('create', CUSTOMERS);
  if (sitting === 0) {
    await refuseOtherWork(site, servers);
    say('All servers answer and store the same.');
  }
  // One kind after the other: of what several of its collections found unused V8 throws the compiled code away.
  for (const kind of KINDS) {
    for (const { server } of servers) await server.load(kind, UNTIL_HOT[kind]);
    for (let round = 0; round < rounds; round += 1)
      for (const { name, server } of inTurn(servers, round)) {
        const key = `${name} ${kind}`;
        samples.set(key, [...(samples.get(key) ?? []), await server.cpuOf(kind, COUNTED[kind])]);
      }
  }
  for (const { server } of servers) server.stop();
  return servers.map(({ name }) => name);
};

/** CPU of the server process for each request, against servers that do the same work: they store and answer the same. */
export const cpuRows = async (site: Site, rounds: number): Promise<Row[]> => {
  const samples: Samples = new Map();
  let names: string[] = [];
  for (let sitting = 0; sitting < SITTINGS; sitting += 1)
    names = await sit(site, { sitting, rounds: Math.ceil(rounds / SITTINGS), samples });
  const of = (name: string, kind: Kind) => median(samples.get(`${name} ${kind}`) ?? []);
  return names
    .filter((name) => name !== OURS)
    .flatMap((peer) =>
      KINDS.map((kind) =>
        compared(`cpu: ${kind}`, [of(OURS, kind), of(peer, kind)], {
          against: `${peer}, same work`,
          ...(peer === 'Fastify + driver' ? { goal: 1.2 } : { must: 1 }),
        }),
      ),
    );
};
