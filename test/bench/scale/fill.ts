import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { MongoClient, ObjectId } from 'mongodb';
import { personOf, ROW } from './people.ts';
import type { Order, Word } from './worker.ts';

const PROGRAM = join(import.meta.dirname, 'worker.ts');

/** A process with the store's own code and a connection of its own. */
export type Worker = Readonly<{
  /** Gives how many it did, and in how many milliseconds. */
  order: (order: Order, onAdded?: () => void) => Promise<{ count: number; ms: number }>;
  stop: () => void;
}>;

/** Starts one that works on the database of that URI. */
export const startWorker = (uri: string): Worker => {
  const env = { ...process.env, MONGODB_URI: uri };
  const child = fork(PROGRAM, { execArgv: [], env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return { order: (order, onAdded) => carriedOut(child, order, onAdded), stop: () => child.disconnect() };
};

const carriedOut = (child: ChildProcess, order: Order, onAdded?: () => void) =>
  new Promise<{ count: number; ms: number }>((resolve, reject) => {
    const hear = (word: Word): void => {
      if (word.what === 'added') return onAdded?.();
      child.off('message', hear).off('exit', fail);
      resolve(word);
    };
    const fail = () => reject(new Error(`A worker ended during: ${order.what}.`));
    child.on('message', hear).once('exit', fail);
    child.send(order);
  });

/** The rows that are not there yet: a row is written in one transaction, so its first customer tells of all. */
const missingRows = async (uri: string, rows: number, seed: number): Promise<number[]> => {
  const client = await MongoClient.connect(uri);
  const firsts = Array.from({ length: rows }, (_, row) => new ObjectId(personOf(row * ROW, seed).id));
  const found = await client
    .db()
    .collection('customer')
    .find({ _id: { $in: firsts } }, { projection: { _id: 1 } })
    .toArray();
  await client.close();
  const there = new Set(found.map(({ _id }) => _id.toHexString()));
  return firsts.flatMap((id, row) => (there.has(id.toHexString()) ? [] : [row]));
};

type Fill = Readonly<{
  uri: string;
  size: number;
  seed: number;
  workers: number;
  say: (line: string) => void;
}>;

/** Adds what is missing of so many customers. Whenever it is stopped, the next one goes on from there. */
export const fill = async ({ uri, size, seed, workers, say }: Fill): Promise<void> => {
  const missing = await missingRows(uri, Math.ceil(size / ROW), seed);
  if (missing.length === 0) {
    say(`All ${size} customers exist already.`);
    return;
  }
  const startedAt = performance.now();
  let added = 0;
  const rate = () => ((added * ROW * 1_000) / (performance.now() - startedAt)).toFixed(0);
  const onAdded = (): void => {
    added += 1;
    if (added % 50 === 0)
      say(`${size - (missing.length - added) * ROW} of ${size} customers, ${rate()} a second`);
  };
  await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const worker = startWorker(uri);
      const rows = missing.filter((_row, place) => place % workers === index);
      await worker.order({ what: 'add', rows, seed }, onAdded);
      worker.stop();
    }),
  );
  say(`All ${size} customers exist; ${added * ROW} added by ${workers} processes, ${rate()} a second.`);
};
