import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aBusinessId, type Answer, type Call, useService } from '#test/support/service.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { type Environment, startEnvironment } from '#test/support/environment.ts';
import { keyringOf, type KeyringFile, useKeyring } from '#test/support/keyrings.ts';
import { addMany } from '#test/support/many-customers.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { whatIsStored } from '#test/support/stored.ts';

/** Long ids, so that their bytes turn up nowhere by chance. */
const [OLD, NEW] = ['before-rotation', 'after-rotation'] as const;
const BEFORE = keyringOf(OLD);
const ADDED = keyringOf(OLD, NEW);
const TURNED = keyringOf(NEW, OLD);
const DROPPED = keyringOf(NEW);

const CUSTOMERS = sized({ short: 60, full: 10_000 });
const CLIENTS = sized({ short: 2, full: 8 });
const KILLS = sized({ short: 1, full: 10 });
/** How long clients go on after each step of the operator. */
const STEP_MS = sized({ short: 100, full: 5_000 });
const ENVIRONMENTS = 2;

const service = useService('row-24-rotation');
const businessId = aBusinessId();
let uri = '';
let environments: Environment[] = [];
let operator: Environment;

/** What a client knows of a customer that is its own to change. */
type Known = { id: string; email: string; phone: string; lastName: string; note: string; live: boolean };
type Recorded = { call: Call; text: string };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const problems: string[] = [];
const calls = { all: 0, reads: 0, twins: 0, races: 0, replays: 0, repeated: 0 };

/** A Lambda environment serves one request at a time; here the next one waits for it. */
const turns: Promise<unknown>[] = Array.from({ length: ENVIRONMENTS }, () => Promise.resolve());
const callAlone = (name: string, call: Omit<Call, 'businessId'>, at: number): Promise<Answer> => {
  const environment = environments[at];
  if (environment === undefined) throw new Error('No such environment.');
  const answer = (turns[at] ?? Promise.resolve()).then(() => environment.call(name, { businessId, ...call }));
  turns[at] = answer.catch(() => undefined);
  return answer;
};

/**
 * A database keeps what a killed process was about to write from others for up to a minute. Who is told meanwhile to try
 * again does so, with the same key; a read has no reason to be told.
 */
const PATIENCE_MS = 90_000;
const PAUSE_MS = 500;
const READS = ['get-customer', 'find-customers', 'look-up-customer', 'get-customer-history'];

const ask = async (
  name: string,
  asked: Omit<Call, 'businessId'>,
  at = randomInt(ENVIRONMENTS),
): Promise<Answer> => {
  calls.all += 1;
  const call = { ...asked, headers: { 'idempotency-key': randomUUID(), ...asked.headers } };
  for (const endsAt = Date.now() + PATIENCE_MS; ;) {
    const answer = await callAlone(name, call, at);
    if (answer.status !== 503 || READS.includes(name) || Date.now() > endsAt) return answer;
    calls.repeated += 1;
    await pause(PAUSE_MS);
  }
};
const expectThat = (isRight: boolean, what: string, { status, body }: Answer): void => {
  if (!isRight) problems.push(`${what}: ${String(status)} ${String(body.code ?? '')}`);
};
const isKnown = ({ live, ...fields }: Known, dto: any): boolean =>
  dto?._id === fields.id &&
  (['email', 'phone', 'lastName', 'note'] as const).every((name) => dto[name] === fields[name]) &&
  (dto.state !== 'deleted') === live;

const STEPS = [
  ...(['create', 'read', 'find', 'lookUp', 'change', 'deleteAndRestore'] as const),
  ...(['twin', 'race', 'replay'] as const),
];

/** One who works on customers of its own, one call after the other, in whichever environment. */
class Client {
  readonly known: Known[];
  #recorded: Recorded[] = [];

  constructor(known: Known[]) {
    this.known = known;
  }

  /** A day later nobody asks for a recorded answer any more. */
  forgetRecorded(): void {
    this.#recorded = [];
  }

  async workUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const step = STEPS[randomInt(STEPS.length)] ?? 'read';
      await this[step]().catch((error: unknown) => problems.push(String(error)));
    }
  }

  pick(): Known {
    return this.known[randomInt(this.known.length)] as Known;
  }

  async create(): Promise<void> {
    const body = aCustomer();
    const call = { body, headers: { 'idempotency-key': randomUUID() } };
    const answer = await ask('create-customer', call);
    expectThat(answer.status === 201, 'create', answer);
    if (answer.status !== 201) return;
    const { email, phone, lastName, note } = body;
    this.known.push({ id: answer.body._id, email, phone, lastName, note, live: true });
    this.#recorded.push({ call, text: answer.text });
  }

  async read(): Promise<void> {
    const known = this.pick();
    calls.reads += 1;
    const answer = await ask('get-customer', { id: known.id });
    expectThat(answer.status === 200 && isKnown(known, answer.body), 'read', answer);
  }

  async find(): Promise<void> {
    const known = this.pick();
    calls.reads += 1;
    const phrase = [known.lastName, known.email, known.phone, known.phone.slice(-8)][randomInt(4)] as string;
    const answer = await ask('find-customers', { query: { phrase } });
    expectThat(answer.body.items?.some((dto: any) => isKnown(known, dto)) === true, 'search', answer);
  }

  async lookUp(): Promise<void> {
    const known = this.pick();
    calls.reads += 1;
    const query = randomInt(2) === 0 ? { email: known.email.toUpperCase() } : { phone: `+${known.phone}` };
    const answer = await ask('look-up-customer', { query });
    expectThat(known.live ? isKnown(known, answer.body) : answer.status === 404, 'look-up', answer);
  }

  async change(): Promise<void> {
    const known = this.pick();
    const { email, phone, note } = aCustomer();
    const former = known.email;
    const answer = await ask('change-customer', { id: known.id, body: { email, phone, note } });
    expectThat(answer.status === 200, 'change', answer);
    if (answer.status !== 200) return;
    Object.assign(known, { email, phone, note });
    const gone = await ask('look-up-customer', { query: { email: former } });
    expectThat(gone.status === 404, 'look-up of what was given up', gone);
  }

  async deleteAndRestore(): Promise<void> {
    const known = this.pick();
    const name = known.live ? 'delete-customer' : 'restore-customer';
    const answer = await ask(name, { id: known.id });
    expectThat(answer.status === 200, name, answer);
    if (answer.status === 200) known.live = !known.live;
  }

  /** An email or phone that a live customer has, by whichever key it was written. */
  async twin(): Promise<void> {
    const known = this.pick();
    if (!known.live) return;
    calls.twins += 1;
    const field = randomInt(2) === 0 ? 'email' : 'phone';
    const answer = await ask('create-customer', { body: aCustomer({ [field]: known[field].toUpperCase() }) });
    const isRefused = answer.body.code === `duplicate-${field}` && answer.body.existing._id === known.id;
    expectThat(isRefused, `twin by ${field}`, answer);
  }

  /** Two who come with one email at once, each to another environment. */
  async race(): Promise<void> {
    calls.races += 1;
    const { email } = aCustomer();
    const answers = await Promise.all(
      [0, 1].map(async (at) => {
        const body = aCustomer({ email });
        return { body, answer: await ask('create-customer', { body }, at) };
      }),
    );
    const won = answers.filter(({ answer }) => answer.status === 201);
    for (const { answer } of answers)
      expectThat(
        won.length === 1 && (answer.status === 201 || answer.body.code === 'duplicate-email'),
        'race',
        answer,
      );
    for (const {
      body: { phone, lastName, note },
      answer,
    } of won)
      this.known.push({ id: answer.body._id, email, phone, lastName, note, live: true });
  }

  async replay(): Promise<void> {
    const recorded = this.#recorded.at(-1 - randomInt(Math.max(1, this.#recorded.length)));
    if (recorded === undefined) return;
    calls.replays += 1;
    const answer = await ask('create-customer', recorded.call);
    expectThat(answer.text === recorded.text && answer.status === 201, 'replay', answer);
  }
}

const reencrypting = async (by = operator) =>
  await by.run('reencrypt-customers', { settleMs: 0, batchSize: sized({ short: 20, full: 100 }) });

/** Hands a keyring out to one environment after the other, with traffic in between, and to the operator's last. */
const handOut = async (keyring: KeyringFile): Promise<void> => {
  for (const environment of [...environments, operator]) {
    await environment.useKeyring(keyring);
    await pause(STEP_MS);
  }
};

/** Begins to re-encrypt, and is killed amid it. */
const reencryptAndKill = async (keyring: KeyringFile): Promise<void> => {
  const doomed = await startEnvironment(uri, keyring);
  // Warm, or it would be killed before it begins.
  await doomed.run('reencrypt-customers', { dryRun: true });
  const run = reencrypting(doomed).catch(() => 'killed');
  await pause(randomInt(STEP_MS));
  await doomed.kill();
  await run;
};

beforeAll(async () => {
  uri = process.env['MONGODB_URI'] ?? '';
  const starting = Array.from({ length: ENVIRONMENTS + 1 }, () => startEnvironment(uri, BEFORE));
  const [first, ...others] = await Promise.all(starting);
  if (first === undefined) throw new Error('No environment.');
  [operator, environments] = [first, others];
}, PROOF_TIMEOUT_MS);
afterAll(async () => {
  await Promise.all([operator, ...environments].map((environment) => environment.stop()));
});

const addClients = async (): Promise<Client[]> => {
  useKeyring(BEFORE);
  const drafts = Array.from({ length: CUSTOMERS }, () => aCustomer());
  const ids = await addMany(businessId, CUSTOMERS, (index) => {
    const { email, phone, lastName, note } = drafts[index] ?? aCustomer();
    return { email, phone, lastName, note };
  });
  const known = ids.map((id, index): Known => {
    const { email, phone, lastName, note } = drafts[index] ?? aCustomer();
    return { id, email, phone, lastName, note, live: true };
  });
  return Array.from(
    { length: CLIENTS },
    (_, client) => new Client(known.filter((_customer, index) => index % CLIENTS === client)),
  );
};

/** From the old key to the new one, as docs/deploy.md says it; gives what the task answered on its way. */
const rotate = async (clients: readonly Client[]) => {
  await pause(STEP_MS);
  // By chance nobody may have created one yet, and no recorded answer would keep the old key from being dropped.
  for (const client of clients) await client.create();
  await handOut(ADDED);
  const added = await reencrypting();
  await handOut(TURNED);
  for (let kill = 0; kill < KILLS; kill += 1) await reencryptAndKill(TURNED);
  const turned = await reencrypting();
  for (const client of clients) client.forgetRecorded();
  await pause(STEP_MS);
  await service.database
    .collection<{ keyId: string }>('idempotency')
    .updateMany({ keyId: OLD }, { $set: { expiresAt: new Date(0) } });
  const last = await reencrypting();
  await handOut(DROPPED);
  const dropped = await reencrypting();
  return { added, turned, last, dropped };
};

describe('keys are rotated while the service is used', () => {
  it(
    'fails no read, lets no double through, and nothing names the old key afterwards',
    async () => {
      const clients = await addClients();
      let isOver = false;
      const working = Promise.all(clients.map((client) => client.workUntil(() => isOver)));
      const { added, turned, last, dropped } = await rotate(clients).finally(() => {
        isOver = true;
      });
      await working;

      expect(problems).toEqual([]);
      expect([added, turned, last, dropped]).toMatchObject([
        { outcome: 'finished', troubles: [] },
        { outcome: 'finished', troubles: [], mayBeDropped: [] },
        { outcome: 'finished', troubles: [], left: [], mayBeDropped: [OLD] },
        { outcome: 'finished', troubles: [], left: [], currentKeyId: NEW },
      ]);
      await service.database.collection('idempotency').deleteMany({ expiresAt: { $lte: new Date() } });
      const naming = [...(await whatIsStored(service))].filter((stored) =>
        Buffer.from(stored.split(' ')[1] ?? '', 'base64').includes(OLD),
      );
      expect(naming).toEqual([]);

      const everybody = clients.flatMap(({ known }) => known);
      await Promise.all(
        clients.map(async ({ known: own }) => {
          for (const known of own) {
            const read = await ask('get-customer', { id: known.id });
            const history = await ask('get-customer-history', { id: known.id });
            expectThat(isKnown(known, read.body), 'read at the end', read);
            expectThat(history.body.verified === true, 'history at the end', history);
          }
        }),
      );
      expect(problems).toEqual([]);
      report(
        24,
        `keys rotated over ${everybody.length} customers (full: from 10,000), ${CLIENTS} clients in ${ENVIRONMENTS} environments, ` +
          `${KILLS} kills (full: 10): ${calls.all} calls, ${calls.reads} reads: 0 failed; ${calls.twins} twins and ` +
          `${calls.races} races: 0 duplicates; ${calls.repeated} writes asked to retry, 0 failed again; ${calls.replays} replays: 0 other answers; 0 documents name the old key`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
