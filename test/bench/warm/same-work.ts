import { EJSON } from 'bson';
import type { BsonDocument } from '#infra/local/database/wire/bson-document.ts';
import { say } from '../figures.ts';
import { type Calls, type Kind, KINDS, oursOn } from '../ours.ts';
import type { Site } from '../site.ts';
import { startRecorder, type Wave } from './recorder.ts';
import { type Form, replayerOn } from './replayer.ts';

type Recorded = Readonly<Record<Kind, readonly (readonly Wave[])[]>>;

/** Records what the handlers send: for the preparation, and for each of so many calls of each kind. */
const record = async (
  site: Site,
  rounds: number,
): Promise<{ prepared: readonly Wave[]; calls: Recorded }> => {
  const recorder = await startRecorder(site.uriOf('recorded'));
  const { calls } = await oursOn(site, recorder.uri);
  const prepared = recorder.take();
  const times = async (kind: Kind, count: number): Promise<(readonly Wave[])[]> => {
    const recordings: (readonly Wave[])[] = [];
    while (recordings.length < count) {
      await calls[kind]();
      recordings.push(recorder.take());
    }
    return recordings;
  };
  // Reads are the same each time; a write happens once.
  const recorded = {
    get: await times('get', 1),
    page: await times('page', 1),
    create: await times('create', rounds),
    change: await times('change', rounds),
  };
  return { prepared, calls: recorded };
};

/** What differs from one session and one moment to the next. */
const PASSING = ['lsid', '$clusterTime', '$readPreference', 'afterClusterTime'];

/** A command option by option, without what is passing and without the database's name. */
const optionsOf = (command: BsonDocument): ReadonlyMap<string, string> => {
  const { $db, txnNumber, nsInfo, ...options } = command;
  return new Map(
    Object.entries({
      ...options,
      isOfAdmin: $db === 'admin',
      // The driver numbers single writes too, to try them again; a bare command it does not.
      isNumbered: options['autocommit'] === false && txnNumber !== undefined,
      namespaces: Array.isArray(nsInfo) && nsInfo.map(({ ns }) => String(ns).replace(/^[^.]*/, '')),
    })
      .filter(([name]) => !PASSING.includes(name))
      .map(([name, value]) => [
        name,
        EJSON.stringify(value, (key: string, inner) => (PASSING.includes(key) ? undefined : inner)),
      ]),
  );
};

/** @throws Error with the options that the replay sent otherwise than they were recorded */
const refuseOther = (recorded: readonly Wave[], replayed: readonly Wave[]): void => {
  const [expected = [], sent = []] = [recorded, replayed].map((waves) => waves.flat().map(optionsOf));
  if (expected.length !== sent.length)
    throw new Error(`The raw driver sent ${sent.length} commands, but the handlers sent ${expected.length}.`);
  for (const [index, options] of expected.entries()) {
    const names = new Set([...options.keys(), ...sent[index]!.keys()]);
    const others = [...names].filter((name) => options.get(name) !== sent[index]!.get(name));
    const [command] = options.keys();
    if (others.length > 0)
      throw new Error(
        `The raw driver sent a different ${command} than a handler. It differs in ${others.join(', ')}.`,
      );
  }
};

/**
 * The same database work as the handlers', sent by the driver alone: their very commands, recorded on the wire on one
 * database and sent again to others that went through the same. No parsing, no rules, no encryption, no answer: what the
 * handlers cost on top is theirs.
 */
export const sameWork = async (site: Site, rounds: number) => {
  const { prepared, calls } = await record(site, rounds);
  const replayedAs = async (form: Form) => {
    const checked = await startRecorder(site.uriOf(`checked-${form}`));
    const check = await replayerOn(checked.uri, form);
    await check.replay(check.prepare(prepared));
    const expected = [...prepared];
    for (const kind of KINDS) {
      await check.replay(check.prepare(calls[kind][0]!));
      expected.push(...calls[kind][0]!);
    }
    refuseOther(expected, checked.take());
    await check.close();

    const raw = await replayerOn(site.uriOf(`replayed-${form}`), form);
    await raw.replay(raw.prepare(prepared));
    const ready = Object.fromEntries(KINDS.map((kind) => [kind, calls[kind].map(raw.prepare)]));
    const turns: Record<string, number> = {};
    const replayNext = (kind: Kind) => {
      const turn = turns[kind] ?? 0;
      turns[kind] = turn + 1;
      return raw.replay(ready[kind]![turn % ready[kind]!.length]!);
    };
    const replays: Calls = {
      get: () => replayNext('get'),
      page: () => replayNext('page'),
      create: () => replayNext('create'),
      change: () => replayNext('change'),
    };
    return { calls: replays, close: raw.close };
  };
  const replayed = { operations: await replayedAs('operations'), commands: await replayedAs('commands') };
  const counted = KINDS.map((kind) => `${kind} sends ${calls[kind][0]!.flat().length} commands`);
  say(`${counted.join(', ')}: the raw driver sends the same commands, option by option`);
  return replayed;
};
