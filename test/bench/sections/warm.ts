import { customerBodies } from '../asked.ts';
import { loadPlain } from '../baselines/build.ts';
import { compared, type Row } from '../figures.ts';
import { WARM_UP_ROUNDS, warmMedians } from '../medians.ts';
import { KINDS, oursOn } from '../ours.ts';
import type { Site } from '../site.ts';
import { sameWork } from '../warm/same-work.ts';

const IN_A_ROW = 10;

/** The handlers, warm, against their own database work by the raw driver, and against plain Mongoose. */
export const warmRows = async (site: Site, rounds: number): Promise<Row[]> => {
  const raw = await sameWork(site, (rounds + WARM_UP_ROUNDS) * IN_A_ROW);
  const ours = await oursOn(site, site.uriOf('ours'));
  const plain = await loadPlain(site, customerBodies());
  const medians = await warmMedians(
    [
      ...KINDS.map((kind) => ({ name: kind, call: ours.calls[kind] })),
      ...KINDS.map((kind) => ({ name: `raw ${kind}`, call: raw.calls[kind] })),
      ...Object.entries(plain.calls).map(([kind, call]) => ({ name: `plain ${kind}`, call })),
    ],
    rounds,
    IN_A_ROW,
  );
  await raw.close();
  const of = (name: string) => medians.get(name) ?? Number.NaN;
  const against = (side: string, limits: Pick<Row, 'against' | 'must' | 'goal'>) =>
    KINDS.filter((kind) => medians.has(`${side} ${kind}`)).map((kind) =>
      compared(`warm ${kind}`, [of(kind), of(`${side} ${kind}`)], limits),
    );
  return [
    ...against('raw', { against: 'the same commands by the raw driver', must: 1.25, goal: 1.1 }),
    ...against('plain', { against: 'plain Mongoose, less work' }),
  ];
};
