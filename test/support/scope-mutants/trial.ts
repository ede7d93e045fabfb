import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { EJSON } from 'bson';
import { keyIdOf } from '#lib/privacy/field-cipher.ts';
import { type Environment, startEnvironment } from '#test/support/environment.ts';
import { keyringOf } from '#test/support/keyrings.ts';
import type { Stored } from '#test/support/stored.ts';
import { takeBreaches } from '#test/support/wire/probe.ts';
import type { Edit } from './predicates.ts';
import { FOREIGN, FOREIGN_CANARY, type Step, STEPS } from './scenario.ts';

/** By what a mutant was noticed first: the store's own guard, the judge on the wire, another answer or effect. */
export type Killer = 'guard' | 'judge' | 'answer' | 'effect';

/** A process takes so many versions of the service; then its memory and its connections go with it. */
const VERSIONS_OF_A_PROCESS = 15;
/** What is written comes by another way than the answer, and may be later. */
const LATER_MS = 100;
/** Some mutants make a request try again until its time is over. */
const REQUEST_MS = 5_000;
/** Where only what comes out counts, and not whether all of it was done. */
const HASTY_MS = 1_500;
/** More than tasks keep in hand for their last batch. */
const TASK_MS = 70_000;

const PASSING = /\d{4}-\d\d-\d\dT[\d:.]+Z|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|\d{13}(?=[\da-f]{24}\b)/g;
/** What a task says when it fails, and nothing else. */
const TASK_FAILED = /failed; the log line 'defect' of this request says where/;
/** The scenario's own ids have twenty equal digits; the others are made anew each time. */
const MADE = /\b(?!([ab])\1{19})[\da-f]{24}\b/g;
const BYTES = /\{"\$binary":\{[^}]*\}\}/g;
/** A text without what differs from run to run. */
const steady = (text: string): string =>
  text.replaceAll(BYTES, 'bytes').replaceAll(PASSING, 'passing').replaceAll(MADE, 'made');

type Documents = ReadonlyMap<string, any[]>;

const read = async ({ database }: Stored): Promise<Documents> => {
  const collections = (await database.db?.collections()) ?? [];
  return new Map(
    await Promise.all(
      collections.map(
        async (collection) => [collection.collectionName, await collection.find().toArray()] as const,
      ),
    ),
  );
};

const write = async ({ database }: Stored, documents: Documents): Promise<void> => {
  await Promise.all(
    [...documents].map(async ([name, rows]) => {
      await database.collection(name).deleteMany({});
      if (rows.length > 0) await database.collection(name).insertMany(rows);
    }),
  );
};

/** Of counts of requests only whose they are, and of what undoes a merge the key that sealed it. */
const shown = (name: string, row: any): unknown => {
  if (name === 'rate_limit') return { _id: row._id };
  return name === 'merge' ? { ...row, given: keyIdOf(row.given.buffer) } : row;
};

/** What is stored, without what differs from run to run. */
const effectIn = (documents: Documents): string =>
  [...documents]
    .flatMap(([name, rows]) => rows.map((row) => `${name} ${EJSON.stringify(shown(name, row))}`))
    .map(steady)
    .sort()
    .join('\n');

const runTask = async (environment: Environment, name: string, input: unknown): Promise<string> => {
  try {
    return steady(JSON.stringify(await environment.run(name, input, TASK_MS)));
  } catch (error) {
    // A mutant that cannot even be loaded shows nothing.
    if (!TASK_FAILED.test(String(error))) throw error;
    return 'failed';
  }
};

/** Runs the scenario with one version of the service after the other, each on the same data. */
export class Trials {
  readonly #service: Stored;
  readonly #uri: string;
  #start: Documents = new Map();
  #environment: Environment | undefined;
  #versions = 0;
  #written = '';
  #expected: readonly string[] = [];
  #effect = '';

  constructor(service: Stored, uri: string) {
    this.#service = service;
    this.#uri = uri;
  }

  /** Learns from the service as it is what it answers and leaves behind. */
  async learn(): Promise<void> {
    // Nobody has asked for anything yet, so that it shows who did.
    this.#start = new Map([...(await read(this.#service)), ['rate_limit', []]]);
    const environment = await this.#prepare([]);
    const answers: string[] = [];
    for (const step of STEPS) answers.push(await this.#take(environment, step));
    this.#expected = answers;
    this.#effect = effectIn(await read(this.#service));
  }

  /** @returns what noticed the edits first; null when nothing did */
  async killerOf(edits: readonly Edit[]): Promise<Killer | null> {
    const environment = await this.#prepare(edits);
    for (const [index, step] of STEPS.entries()) {
      const isOther = (await this.#take(environment, step)) !== this.#expected[index];
      if (isOther) await wait(LATER_MS);
      if (this.#written.includes('ScopeBreach')) return 'guard';
      if (takeBreaches().length > 0) return 'judge';
      if (isOther) return 'answer';
    }
    await wait(LATER_MS);
    if (this.#written.includes('ScopeBreach')) return 'guard';
    if (takeBreaches().length > 0) return 'judge';
    return effectIn(await read(this.#service)) === this.#effect ? null : 'effect';
  }

  /** @returns the answers and log lines in which something that the other business has sealed came out */
  async leaksOf(edits: readonly Edit[]): Promise<readonly string[]> {
    const environment = await this.#prepare(edits);
    const answers: string[] = [];
    for (const step of STEPS) answers.push(await this.#take(environment, step, HASTY_MS));
    await wait(LATER_MS);
    takeBreaches();
    return [...answers, ...this.#written.split('\n')].filter((text) => FOREIGN_CANARY.test(text));
  }

  async stop(): Promise<void> {
    await this.#environment?.stop();
    this.#environment = undefined;
  }

  async #prepare(edits: readonly Edit[]): Promise<Environment> {
    if (this.#versions % VERSIONS_OF_A_PROCESS === 0) await this.stop();
    this.#environment ??= await startEnvironment(this.#uri, keyringOf('k2', 'k1'), {
      preload: join(import.meta.dirname, 'load-mutants.ts'),
      env: { FOREIGN_BUSINESS: FOREIGN, POWERTOOLS_LOG_LEVEL: 'INFO' },
      hear: (text) => {
        this.#written += text;
      },
    });
    this.#versions += 1;
    const query = new URLSearchParams({ mutant: JSON.stringify(edits), run: String(this.#versions) });
    this.#environment.become(`?${query.toString()}`);
    await write(this.#service, this.#start);
    takeBreaches();
    this.#written = '';
    return this.#environment;
  }

  /** What a step is answered, without what differs from run to run. */
  async #take(
    environment: Environment,
    { name, call, input }: Step,
    remainingMs = REQUEST_MS,
  ): Promise<string> {
    if (call === undefined) return await runTask(environment, name, input);
    const { status, text } = await environment.call(name, { remainingMs, ...call });
    return steady(`${String(status)} ${text}`);
  }
}
