import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { welcome } from '#infra/local/demo.ts';
import { startGateway } from '#infra/local/gateway.ts';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { operatorScope } from '#infra/ops/business-scope.ts';
import { inventedCustomers, isInventedEmail } from '#infra/ops/demo/invented-customers.ts';
import { seed } from '#infra/ops/demo/seed.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { createShell, pastedLines } from '#test/infra/local/fixtures/pasted-lines.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { builtFunctions } from '#test/support/built-functions.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { useService } from '#test/support/service.ts';
import { adminUriOf } from '#test/support/test-database.ts';

useService('seed-demo');
beforeAll(async () => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  await disconnect();
});

const SEEDED_MS = 240_000;

const ops = async (...args: string[]): Promise<{ status: number; lines: string[] }> => {
  let status = -1;
  const lines = await linesWrittenBy(async () => {
    status = await runCommandLine(args, COMMANDS);
  });
  return { status, lines: lines.filter((line) => !line.startsWith('{"')) };
};
const seedDemo = ({ businessId }: Business) => ops('seed-demo', '--business', businessId);

/** Every customer of a business, as its owner reads it. */
const allOf = async (business: Business): Promise<any[]> => {
  const items: any[] = [];
  let cursor: string | undefined;
  do {
    const query = { pageSize: '100', orderBy: 'id', ...(cursor !== undefined && { cursor }) };
    const { body } = await business.find(query);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  return items;
};

describe('npm run ops -- seed-demo', () => {
  const business = aBusiness({ businessId: '64c0ffee64c0ffee64c0ffee' });
  let printed: string[] = [];

  it(
    'fills a business with 300 customers of every state and type, even when it was stopped half-way',
    async () => {
      const scope = operatorScope({ business: business.businessId, actor: 'demo' }, 'take-over-records');
      const stopped = seed({ scope, record: () => Promise.resolve() });
      await stopped.next();
      await stopped.return(undefined);
      expect((await allOf(business)).length).toBeLessThan(300);

      const { status, lines } = await seedDemo(business);
      printed = lines;
      expect(status).toBe(0);
      const all = await allOf(business);
      expect(all).toHaveLength(300);
      const values = (field: string) => new Set(all.map((one) => one[field]));
      expect(values('state')).toEqual(new Set(['active', 'suspended', 'inactive', 'archived', 'deleted']));
      expect(values('customerType')).toEqual(new Set(['regular', 'unregistered', 'new', 'anonymous']));
      expect(all.every(({ email }) => email === null || isInventedEmail(email))).toBe(true);
    },
    SEEDED_MS,
  );

  it(
    'changes nothing when it runs again',
    async () => {
      const before = await allOf(business);
      expect((await seedDemo(business)).status).toBe(0);
      expect(await allOf(business)).toEqual(before);
    },
    SEEDED_MS,
  );

  it('leaves histories and totals that can be verified', async () => {
    const who = ['--business', business.businessId];
    const verified = await ops('verify-histories', ...who);
    expect(verified.lines).toContainEqual(expect.stringMatching(/^300 histories checked, 0 failed$/));
    const recounted = await ops('recount-activity', ...who);
    expect(recounted.lines).toContainEqual(expect.stringMatching(/ counted, 0 differ$/));
    const [visitor] = inventedCustomers(business.businessId).filter(({ visits, paid }) => visits > 1 && paid);
    const { body } = await business.exported(visitor?.id ?? '');
    expect(body.orders.length).toBe(visitor?.visits);
    expect(body.payments.length).toBe(visitor?.visits);
  });

  it(
    'prints calls that find, page, merge and restore them when pasted',
    async () => {
      const gateway = await startGateway({
        assembly: join(await builtFunctions(), 'cdk.out'),
        secrets: {
          DatabaseUri: process.env['MONGODB_URI'] ?? '',
          Keyring: readFileSync(process.env['KEYRING_FILE'] ?? '', 'utf8'),
        },
      });
      const shell = createShell();
      const answers: [string, number, any][] = [];
      const shown = welcome({ url: gateway.url, demoCalls: printed.join('\n') });
      for (const line of pastedLines(shown.split('\n'))) {
        const answer = await shell.paste(line);
        if (answer !== undefined)
          answers.push([line.split('/').at(-1) ?? '', answer.status, await answer.json()]);
      }
      await gateway.stop();
      expect(answers.map(([, status]) => status)).toEqual(answers.map(() => 200));
      const [
        german,
        polish,
        page,
        statistics,
        duplicates,
        merged,
        history,
        unmerged,
        deleted,
        gone,
        restored,
      ] = answers.map(([, , body]) => body);
      expect(german.totalSize).toBeGreaterThan(0);
      expect(polish.items[0].firstName).toBe('Łukasz');
      expect(page.items).toHaveLength(20);
      expect(statistics.total ?? statistics).toBeTruthy();
      expect(duplicates.items.length).toBeGreaterThan(0);
      expect(merged.dryRun).toBe(false);
      expect(history.items.length).toBeGreaterThan(1);
      expect(unmerged.restored._id).toBe(merged.loser._id);
      expect(deleted.state).toBe('deleted');
      expect(gone.totalSize).toBeGreaterThan(1);
      expect(restored.state).toBe('active');
    },
    SEEDED_MS,
  );

  it('refuses a business that has a customer who may be real, and says so', async () => {
    const other = aBusiness();
    await other.create(aCustomer({ email: 'ola@salon.pl' }));
    const { status, lines } = await seedDemo(other);
    expect([status, lines.join(' ')]).toEqual([1, expect.stringContaining('customers who may be real')]);
    expect(await allOf(other)).toHaveLength(1);
  });
});

describe('the invented customers', () => {
  const all = inventedCustomers('64c0ffee64c0ffee64c0ffee');
  const given = (values: unknown[]): unknown[] => values.filter((one) => one !== undefined && one !== null);

  it('are the same each time, and others in another business', () => {
    expect(inventedCustomers('64c0ffee64c0ffee64c0ffee')).toEqual(all);
    const ids = new Set(all.map(({ id }) => id));
    expect(ids.size).toBe(300);
    expect(inventedCustomers('64c0ffee64c0ffee64c0ff00').some(({ id }) => ids.has(id))).toBe(false);
  });

  it('share no email and no phone', () => {
    for (const field of ['email', 'phone'] as const) {
      const values = given(all.map(({ draft }) => draft[field]));
      expect(new Set(values).size).toBe(values.length);
      expect(values.length).toBeGreaterThan(200);
    }
  });

  it.each([
    ['ola@example.com', true],
    ['ola@mail.EXAMPLE.org', true],
    ['ola@example.com.pl', false],
    ['ola@myexample.com', false],
    ['ola@salon.pl', false],
    [null, false],
  ])('an email of nobody: %s, %s', (email, expected) => {
    expect(isInventedEmail(email)).toBe(expected);
  });
});
