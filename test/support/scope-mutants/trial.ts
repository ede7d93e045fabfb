import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { EJSON } from 'bson';
import { keyIdOf } from '#lib/privacy/field-cipher.ts';
import { type Environment, startEnvironment } from '#test/support/environment.ts';
import { keyringOf } from '#test/support/keyrings.ts';
import { expectEvent } from '#test/support/queue-messages.ts';
import type { Stored } from '#test/support/stored.ts';
import { takeBreaches } from '#test/support/wire/probe.ts';
import type { Edit } from './predicates.ts';
import { FOREIGN, FOREIGN_CANARY, type Step, STEPS } from './scenario.ts';

/** What noticed a mutant first: the store's own guard, the judge on the wire, another answer, or another effect. */
export type Killer = 'guard' | 'judge' | 'answer' | 'effect';

/** How many versions of the service one process loads. Then a new process starts with fresh memory and connections. */
const VERSIONS_OF_A_PROCESS = 15;
/** Written effects arrive in another way than the answer, and may be later. */
const LATER_MS = 100;
/** Some mutants make a request retry until its time is over. */
const REQUEST_MS = 5_000;
/** For trials where only leaks count, and not whether all work was done. */
const HASTY_MS = 1_500;
/** More than the time that tasks keep in reserve for their last batch. */
const TASK_MS = 70_000;

/** An event waits half of it for what another one has changed. */
const BATCH_MS = 12_000;

/** Moments, ids of requests as Lambda and API Gateway make them, and numbers of the clock. */
const PASSING =
  /\d{4}-\d\d-\d\dT[\d:.]+Z|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|(?<![\w-])[\w-]{15}=(?!=)|\d{13}(?=[\da-f]{24}\b)/g;
/** The message of a failed task. */
const TASK_FAILED = /failed; the log line 'defect' of this request says where/;
/** The scenario's own ids have twenty equal digits; all other ids are new each time. */
const MADE = /(?<![\da-f])(?!([ab])\1{19})[\da-f]{24}\b/g;
const BYTES = /\{"\$binary":\{[^}]*\}\}/g;
/** A text without the parts that differ from run to run. */
const steady = (text: string): string =>
  text
    .replaceAll(BYTES, 'bytes')
    // It stands between a name and an id, and its digits would be taken for those of the id.
    .replaceAll(String.raw`\u0000`, ' ')
    .replaceAll(PASSING, 'passing')
    .replaceAll(MADE, 'made');

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

/**
 * Of a request count only its business, of a merge record and of an archived one only the key that encrypted it. An archived object is
 * encrypted with a key of its own each time.
 */
const shown = (name: string, row: any): unknown => {
  if (name === 'rate_limit') return { _id: row._id };
  if (name === 'archive')
    return { ...row, dataKey: row.dataKey && keyIdOf(row.dataKey.buffer), objectKey: 0, sha256: 0, bytes: 0 };
  return name === 'merge' ? { ...row, given: keyIdOf(row.given.buffer) } : row;
};

/** What is stored, without what differs from run to run. */
const effectIn = (documents: Documents): string =>
  [...documents]
    .flatMap(([name, rows]) => rows.map((row) => `${name} ${EJSON.stringify(shown(name, row))}`))
    .map(steady)
    .sort()
    .join('\n');

const isBatch = (input: unknown): input is SQSEvent =>
  typeof input === 'object' && input !== null && 'Records' in input;

const runTask = async (environment: Environment, name: string, input: unknown): Promise<string> => {
  if (isBatch(input)) input.Records.forEach(expectEvent);
  try {
    const remainingMs = isBatch(input) ? BATCH_MS : TASK_MS;
    return steady(JSON.stringify(await environment.run(name, input, remainingMs)));
  } catch (error) {
    // A mutant that cannot even be loaded shows nothing.
    if (!TASK_FAILED.test(String(error))) throw error;
    return 'failed';
  }
};

/** Runs the scenario with one version of the service after another, each on the same data. */
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

  /** Records the answers and effects of the unchanged service. */
  async learn(): Promise<void> {
    // No bucket exists yet, so the buckets show which business sent a request.
    this.#start = new Map([...(await read(this.#service)), ['rate_limit', []]]);
    const environment = await this.#prepare([]);
    const answers: string[] = [];
    for (const step of STEPS) answers.push(await this.#take(environment, step));
    this.#expected = answers;
    this.#effect = effectIn(await read(this.#service));
  }

  /** @returns what noticed the edits first; null if nothing did */
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

  /** @returns the answers and log lines that contain an encrypted value of the other business */
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

  /** The answer of a step, without what differs from run to run. */
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
