import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { addCodeCache } from '#infra/build/code-cache/code-cache.ts';
import { customerBodies, event } from '../asked.ts';
import { buildBaselines, loadPlain } from '../baselines/build.ts';
import { type ColdSubject, coldMedians } from '../cold.ts';
import { compared, type Row } from '../figures.ts';
import { oursOn } from '../ours.ts';
import type { Site } from '../site.ts';

/** A creation that is repeated must not meet its own duplicate: anonymous customers hold no email or phone. */
const ANONYMOUS = event({ body: '{"customerType":"anonymous"}' });

/** A copy of a bundle as the setting `codeCache` ships it. */
const withCodeCache = async (site: Site, useCase: string): Promise<string> => {
  const folder = join(site.folder, 'code-cache', useCase);
  await cp(dirname(site.bundleOf(useCase)), folder, { recursive: true });
  await addCodeCache(folder);
  return join(folder, 'index.cjs');
};

const subjectsOf = async (site: Site): Promise<ColdSubject[]> => {
  const { empty, plain } = await buildBaselines(site);
  const [uri, plainUri] = [site.uriOf('ours-cold'), site.uriOf('plain')];
  const { ids } = await oursOn(site, uri);
  const { ids: plainIds } = await loadPlain(site, customerBodies());
  const one = (id?: string) => event({ pathParameters: { id } });
  const list = event({ queryStringParameters: {} });
  const ours = async (name: string, useCase: string, input: unknown): Promise<ColdSubject[]> => {
    const subject = { name, bundle: site.bundleOf(useCase), export: 'handler', event: input, uri };
    return [subject, { ...subject, name: `${name}, code cache`, bundle: await withCodeCache(site, useCase) }];
  };
  const tutorial = (export_: string, input: unknown): ColdSubject => {
    return { name: `plain ${export_}`, bundle: plain, export: export_, event: input, uri: plainUri };
  };
  return [
    { name: 'empty', bundle: empty, export: 'handler', event: {}, uri },
    tutorial('get', one(plainIds[0])),
    ...(await ours('get', 'get-customer', one(ids[0]))),
    tutorial('find', list),
    ...(await ours('find', 'find-customers', list)),
    tutorial('create', ANONYMOUS),
    ...(await ours('create', 'create-customer', ANONYMOUS)),
  ];
};

/**
 * From spawning a process to its first answer: the handlers, as they are and with a code cache, against plain Mongoose and
 * against nothing at all.
 */
export const coldRows = async (site: Site, rounds: number): Promise<Row[]> => {
  const medians = await coldMedians(await subjectsOf(site), rounds);
  const of = (name: string) => medians.get(name) ?? Number.NaN;
  const against = (other: (kind: string) => string, limits: Pick<Row, 'against' | 'must' | 'goal'>) =>
    ['', ', code cache'].flatMap((how) =>
      ['get', 'find', 'create'].map((kind) =>
        compared(`cold ${kind}${how}`, [of(kind + how), of(other(kind))], limits),
      ),
    );
  return [
    ...against((kind) => `plain ${kind}`, { against: 'plain Mongoose', must: 1.1, goal: 0.6 }),
    ...against(() => 'empty', { against: 'an empty handler', must: 6.5, goal: 4 }),
  ];
};
