import { createPublicKey } from 'node:crypto';
import { dirname, join } from 'node:path';
import { createLocalIssuer } from '#infra/local/local-issuer.ts';
import { BUSINESS_ID, context } from '../asked.ts';
import { installPeers } from '../cpu/peers.ts';
import { type Kind, startServer } from '../cpu/server.ts';
import { compared, median, type Row } from '../figures.ts';
import { openBundle, type Site } from '../site.ts';

const KINDS: readonly Kind[] = ['get', 'page', 'create'];
const OURS = 'ours';
const WARM_UP_REQUESTS = 300;
const REQUESTS = 60;
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'customer-management';

type Server = Awaited<ReturnType<typeof startServer>>;

/** Ours and the others, each in a process of its own on the one database server; they trust the same token. */
const startServers = async (site: Site): Promise<ReadonlyMap<string, Server>> => {
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
  process.env['MONGODB_URI'] = site.uriOf('cpu');
  await openBundle(site.bundleOf('migrate-database'))({}, context);
  const servers = new Map<string, Server>();
  for (const [name, file] of Object.entries(files))
    servers.set(name, await startServer(file, { environment, headers }));
  return servers;
};

/** CPU of the server process for each request, against servers that do less: no encryption, no audit, no search. */
export const cpuRows = async (site: Site, rounds: number): Promise<Row[]> => {
  const servers = await startServers(site);
  const samples = new Map<string, number[]>();
  const each = async (visit: (name: string, server: Server, kind: Kind) => Promise<void>) => {
    for (const kind of KINDS) for (const [name, server] of servers) await visit(name, server, kind);
  };
  await each((_, server, kind) => server.load(kind, WARM_UP_REQUESTS));
  for (let round = 0; round < rounds; round += 1)
    await each(async (name, server, kind) => {
      const key = `${name} ${kind}`;
      samples.set(key, [...(samples.get(key) ?? []), await server.cpuOf(kind, REQUESTS)]);
    });
  for (const server of servers.values()) server.stop();
  const of = (name: string, kind: Kind) => median(samples.get(`${name} ${kind}`) ?? []);
  return [...servers.keys()]
    .filter((name) => name !== OURS)
    .flatMap((against) =>
      KINDS.map((kind) =>
        compared(`CPU ${kind}`, [of(OURS, kind), of(against, kind)], {
          against,
          ...(against === 'Fastify + driver' ? { goal: 1.2 } : { must: 1 }),
        }),
      ),
    );
};
