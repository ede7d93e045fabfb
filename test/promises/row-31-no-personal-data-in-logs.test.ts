import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineRoute, ok } from '#lib/contract/route.ts';
import { defineSchedule } from '#lib/contract/task.ts';
import { serve } from '#lib/serve/serve.ts';
import { serveTask } from '#lib/serve/serve-task.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { forgetKeyring } from '#lib/store/keys/request-keys.ts';
import { aBusiness } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { disguisesIn } from '#test/support/canaries.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { hearLine, leaksDuring } from '#test/support/leak-watch.ts';
import { report } from '#test/support/promise.ts';
import { QUOTING } from '#test/support/quoting-errors.ts';
import { aBusinessId, call, run, useService } from '#test/support/service.ts';

const service = useService('row-31');

const contract = defineRoute({
  name: 'meet-a-fault',
  summary: 'Meet a fault',
  method: 'POST',
  path: '/fault',
  impact: 'nobody meets faults',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: [],
  body: z.object({ lastName: z.string().optional(), note: z.string().optional() }),
  answers: { 200: z.object({ lastName: z.string() }) },
  problems: [],
});
const task = defineSchedule({
  name: 'meet-a-fault',
  summary: 'Meet a fault',
  impact: 'nobody meets faults',
  needs: [],
  every: 'rate(1 day)',
  input: z.object({}),
  output: z.object({}),
});
/** Asks the route whose steps these are. */
const asking = (steps: () => Promise<{ status: 200; body: { lastName: string } }>, body = {}) =>
  call(serve(contract, steps), { businessId: aBusinessId(), body });

/** A name that no mark betrays: it is known because a test hands it over. */
const UNMARKED = {
  firstName: 'Zofia',
  lastName: 'Wyszogrodzka-Ćwik',
  email: 'Z.Wyszo@Mail.example',
  phone: '+48 (601) 702-803',
};
const MARKED = aCustomer();

describe('the watch finds what is planted', () => {
  const bytes = Buffer.from(`..${UNMARKED.lastName}..`);
  const line = (fields: object) => `${JSON.stringify({ level: 'INFO', message: 'planted', ...fields })}\n`;
  const given = () => asking(() => Promise.resolve(ok({ lastName: '' })), UNMARKED);

  it.each<[string, () => unknown]>([
    ['in a line of the log', () => process.stdout.write(line({ code: UNMARKED.email }))],
    [
      'in a line that another test captures',
      () => linesWrittenBy(() => process.stdout.write(line({ x: MARKED.email }))),
    ],
    ['in a metric', () => process.stdout.write(`${JSON.stringify({ _aws: {}, name: MARKED.phone })}\n`)],
    [
      'in what a dependency prints',
      () => linesWrittenBy(() => process.stderr.write(`Warning: ${UNMARKED.lastName}`)),
    ],
    ['in a line of a bundle', () => hearLine(line({ code: UNMARKED.email }))],
    [
      'in an error answer',
      () =>
        call(
          () => Promise.resolve({ statusCode: 400, headers: {}, body: `{"detail":"${MARKED.note}"}` }),
          {},
        ),
    ],
    [
      'in a header of one',
      () =>
        call(() => Promise.resolve({ statusCode: 404, headers: { etag: MARKED.lastName }, body: '{}' }), {}),
    ],
    [
      'in what fails a task',
      () => run(() => Promise.reject(new Error(UNMARKED.email)), {}).catch(() => undefined),
    ],
  ])('%s', async (_where, plant) => {
    const leaks = await leaksDuring(async () => {
      await given();
      await plant();
    });
    expect(leaks).toHaveLength(1);
    expect(leaks.join().toLowerCase()).not.toMatch(/canary|wyszo/);
  });

  it.each([
    ['as it is', UNMARKED.lastName],
    ['in lower case', UNMARKED.email.toLowerCase()],
    ['with its digits only', '48601702803'],
    ['with other punctuation', '0048-601 702 803'],
    ['URL-encoded', `?phrase=${encodeURIComponent(UNMARKED.lastName)}`],
    ['in JSON inside of JSON', JSON.stringify(JSON.stringify({ n: UNMARKED.lastName }))],
    ['with escaped letters', 'Wyszogrodzka-\\u0106wik'],
    ...[0, 1, 2].map((offset) => [
      `in base64, ${offset} bytes in`,
      bytes.subarray(offset).toString('base64'),
    ]),
    ['in base64 of URLs', bytes.toString('base64url')],
    ['in hexadecimal digits', bytes.toString('hex')],
  ])('%s', async (_how, text) => {
    const leaks = await leaksDuring(async () => {
      await given();
      process.stdout.write(line({ text }));
    });
    expect(leaks).toEqual([expect.stringMatching(/^log line planted, /)]);
  });

  it('and nothing where nothing is: ids, times, its own words', async () => {
    const leaks = await leaksDuring(async () => {
      await given();
      await asking(() => Promise.resolve(ok({ lastName: '' })), { unknownField: 'Wyszogrodzka' });
      process.stdout.write(line({ id: aBusinessId(), text: 'Wyszo grodzka 601 702', durationMs: 48_601 }));
    });
    expect(leaks).toEqual([]);
    expect([...disguisesIn('').values()].join('')).toBe('');
  });
});

/** Runs steps and gives what they wrote, and what of it is personal. */
const heardFrom = async (steps: () => Promise<unknown>): Promise<{ lines: string[]; leaks: string[] }> => {
  let lines: string[] = [];
  const leaks = await leaksDuring(async () => {
    lines = await linesWrittenBy(steps);
  });
  return { lines, leaks };
};

describe('no fault tells what somebody entered', () => {
  const quoting = new Set<string>();

  /** What steps throw; it is noted whether it holds what was entered, in whatever corner. */
  const thrownBy = async (name: string): Promise<Error> => {
    try {
      await QUOTING[name]?.(service.database);
    } catch (error) {
      const everything = inspect(error, { depth: 12, showHidden: true, maxStringLength: null });
      if (/canary/i.test(everything)) quoting.add(name);
      return error as Error;
    }
    throw new Error(`Nothing was thrown: ${name}`);
  };

  it.each(Object.keys(QUOTING))('%s', async (name) => {
    const error = await thrownBy(name);
    const fails = (): Promise<never> => Promise.reject(error);
    const { lines, leaks } = await heardFrom(async () => {
      const { status, body } = await asking(fails);
      expect([500, 503]).toContain(status);
      expect(body.code).toBe(status === 500 ? 'internal-error' : 'database-unavailable');
      await expect(run(serveTask(task, fails), {})).rejects.toThrow('meet-a-fault failed');
    });
    expect(leaks).toEqual([]);
    expect(lines.join()).toContain('"message":"defect"');
  });

  it('and most of them would have', () => {
    const all = Object.keys(QUOTING).length;
    expect(quoting.size).toBeGreaterThan(all / 2);
    report(
      31,
      `${all} faults through a route and a task, ${quoting.size} of them with values: 0 values written`,
    );
  });
});

describe('no command is told', () => {
  const VARIABLES = { MONGODB_LOG_ALL: 'trace', MONGODB_LOG_COMMAND: 'trace', MONGODB_LOG_PATH: 'stderr' };
  afterEach(async () => {
    for (const name of Object.keys(VARIABLES)) Reflect.deleteProperty(process.env, name);
    await disconnect();
  });

  it('though the environment asks the driver to print each of them', async () => {
    Object.assign(process.env, VARIABLES);
    await disconnect();
    const { lines, leaks } = await heardFrom(async () => {
      expect((await aBusiness().create()).status).toBe(201);
    });
    expect(leaks).toEqual([]);
    expect(lines.map((line) => JSON.parse(line).message)).toEqual([
      'database-connected',
      'outbox-filled',
      'history-extended',
      'request-answered',
    ]);
  });
});

describe('no setting is told either', () => {
  const settings: Record<string, string | undefined> = {};
  beforeAll(() => {
    const { MONGODB_URI, KEYRING_FILE } = process.env;
    Object.assign(settings, { MONGODB_URI, KEYRING_FILE });
  });
  afterEach(async () => {
    Object.assign(process.env, settings);
    await disconnect();
    forgetKeyring();
  });

  it.each([
    ['cannot be reached', 'mongodb://canary:canary-password@127.0.0.1:1/?serverSelectionTimeoutMS=50'],
    ['is none', 'mongodb://canary:canary-password@[not/a/host'],
  ])('a connection string with a password that %s', async (_how, uri) => {
    process.env['MONGODB_URI'] = uri;
    await disconnect();
    const { lines, leaks } = await heardFrom(async () => {
      expect((await aBusiness().get(aBusinessId())).status).toBe(503);
    });
    expect(leaks).toEqual([]);
    expect(lines.join()).toContain('database-unavailable');
  });

  it('a keyring that cannot be used', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyring-'));
    const file = join(folder, 'keyring.json');
    writeFileSync(file, '{"current":"canary","keys":{"canary":"canary-key"}');
    process.env['KEYRING_FILE'] = file;
    forgetKeyring();
    const { lines, leaks } = await heardFrom(async () => {
      expect((await aBusiness().create()).status).toBe(500);
    });
    rmSync(folder, { recursive: true });
    expect(leaks).toEqual([]);
    expect(lines.join()).toContain('"message":"defect"');
  });
});
