import { customerBodies } from '../asked.ts';
import { loadPlain } from '../baselines/build.ts';
import { compared, type Row } from '../figures.ts';
import { warmMedians, type WarmSubject } from '../medians.ts';
import { type Calls, KINDS, oursOn, UNTIL_HOT } from '../ours.ts';
import type { Site } from '../site.ts';
import { sameWork } from '../warm/same-work.ts';

/** An environment serves one function, and finds its code in the processor's caches: the first few calls of a turn do not. */
const IN_A_ROW = 50;
/** A write is recorded and replayed once for each time that it is measured, and takes longer: it has fewer rounds. */
const SHARE_OF_WRITES = 1 / 3;

/**
 * The handlers, warm, against their own database work by the raw driver, in its own operations and as bare commands, and
 * against plain Mongoose.
 */
export const warmRows = async (site: Site, rounds: number): Promise<Row[]> => {
  const writeRounds = Math.ceil(rounds * SHARE_OF_WRITES);
  const writes = Math.max(UNTIL_HOT.create, UNTIL_HOT.change) + writeRounds * IN_A_ROW;
  const raw = await sameWork(site, writes);
  const ours = await oursOn(site, site.uriOf('ours'));
  const plain = await loadPlain(site, customerBodies());
  const sides: Readonly<Record<string, Partial<Calls>>> = {
    ours: ours.calls,
    raw: raw.operations.calls,
    bare: raw.commands.calls,
    plain: plain.calls,
  };
  const medians = new Map<string, number>();
  // One kind after the other: of what several of its collections found unused V8 throws the compiled code away.
  for (const kind of KINDS) {
    const subjects = Object.entries(sides).flatMap(([side, calls]): WarmSubject[] => {
      const call = calls[kind];
      return call === undefined ? [] : [{ name: `${side} ${kind}`, call }];
    });
    const isRead = kind === 'get' || kind === 'page';
    const plan = { rounds: isRead ? rounds : writeRounds, warmUp: UNTIL_HOT[kind], inARow: IN_A_ROW };
    for (const [name, took] of await warmMedians(subjects, plan)) medians.set(name, took);
  }
  await raw.operations.close();
  await raw.commands.close();
  const of = (name: string) => medians.get(name) ?? Number.NaN;
  const against = (side: string, limits: Pick<Row, 'against' | 'must' | 'goal'>) =>
    KINDS.filter((kind) => medians.has(`${side} ${kind}`)).map((kind) =>
      compared(`warm ${kind}`, [of(`ours ${kind}`), of(`${side} ${kind}`)], limits),
    );
  return [
    ...against('raw', { against: 'the same work by the raw driver', must: 1.25, goal: 1.1 }),
    ...against('bare', { against: 'the same commands, handed to the driver as they are sent' }),
    ...against('plain', { against: 'plain Mongoose, less work' }),
  ];
};
