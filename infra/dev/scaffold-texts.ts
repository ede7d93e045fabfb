/** What a new use case is: behind a GET or a POST, or started at regular times. */
export type Kind = 'GET' | 'POST' | 'schedule';

/** A use case to be written: its wing and its name. */
export type Place = Readonly<{ wing: string; name: string }>;

export const camelCase = (name: string): string => name.replace(/-./g, (pair) => pair.slice(1).toUpperCase());

const wordsOf = (name: string): string => name.replaceAll('-', ' ');
const sentenceOf = (name: string): string => {
  const words = wordsOf(name);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

/** The three files of a use case that already works, and its test. */
export const filesOf = (place: Place, kind: Kind): Readonly<Record<string, string>> => {
  const { wing, name } = place;
  const texts = { GET: reading, POST: changing, schedule: scheduled }[kind](place);
  return {
    [`functions/${wing}/${name}/contract.ts`]: texts.contract,
    [`functions/${wing}/${name}/${name}.ts`]: texts.steps,
    [`functions/${wing}/${name}/handler.ts`]: texts.handler,
    [`test/functions/${wing}/${name}.test.ts`]: texts.test,
  };
};

type Texts = Readonly<Record<'contract' | 'steps' | 'handler' | 'test', string>>;

/** Reads one customer. */
const reading = (place: Place): Texts => ({
  contract: routeContract(place.name, {
    method: 'GET',
    permission: 'READ_CUSTOMER',
    purpose: 'serve-customer',
    problems: "['customer-not-found']",
  }),
  steps: `import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { contract } from './contract.ts';

type Needs = { findSurvivor: (id: string, scope: BusinessScope) => Promise<Customer | null> };

export const ${camelCase(place.name)} =
  ({ findSurvivor }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const customer = await findSurvivor(id, scope);
    if (customer === null) throw customerNotFound();
    return ok(toCustomerDto(customer));
  };
`,
  handler: `import { serve } from '#lib/serve/serve.ts';
import { findSurvivor } from '#lib/store/customers/reader.ts';
import { contract } from './contract.ts';
import { ${camelCase(place.name)} } from './${place.name}.ts';

export const handler = serve(contract, ${camelCase(place.name)}({ findSurvivor }));
`,
  test: routeTest(place, 'GET', {
    answers: 'answers the customer',
    expected: 'expect([status, body]).toEqual([200, customer]);',
  }),
});

/** Archives one customer. */
const changing = (place: Place): Texts => ({
  contract: routeContract(place.name, {
    method: 'POST',
    permission: 'UPDATE_CUSTOMER',
    purpose: 'manage-relationship',
    problems:
      "['customer-not-found', 'duplicate-email', 'duplicate-phone', 'illegal-transition', 'merged-into']",
  }),
  steps: `import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { moveCustomer } from '#lib/domain/customers/customer.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { SettingsOf } from '#lib/store/business/stored-settings.ts';
import type { Customers } from '#lib/store/customers/customers.ts';
import type { contract } from './contract.ts';

type Needs = {
  customers: Pick<Customers, 'find' | 'change' | 'refuseMerged'>;
  settingsOf: SettingsOf;
  now: () => Date;
};

export const ${camelCase(place.name)} =
  ({ customers, settingsOf, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const [settings, stored] = await Promise.all([settingsOf(scope), customers.find(id, scope)]);
    if (stored === null) throw customerNotFound();
    await customers.refuseMerged(stored, scope);
    const after = moveCustomer(stored.customer, 'archived', now());
    await customers.change({ stored, after }, { settings, action: '${place.name}' }, scope);
    return ok(toCustomerDto(after));
  };
`,
  handler: `import { serve } from '#lib/serve/serve.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
${importsInOrder(place.name)}
const ports = { customers, settingsOf, now: () => new Date() };
export const handler = serve(contract, ${camelCase(place.name)}(ports));
`,
  test: routeTest(place, 'POST', {
    answers: 'archives the customer',
    expected: "expect([status, body.state]).toEqual([200, 'archived']);",
  }),
});

/** Takes a lease and does nothing with it. */
const scheduled = ({ wing, name }: Place): Texts => ({
  contract: `import * as z from 'zod';
import { defineSchedule } from '#lib/contract/task.ts';

export const contract = defineSchedule({
  name: '${name}',
  summary: '${sentenceOf(name)}',
  impact: 'nobody is there to ${wordsOf(name)}',
  needs: ['database'],
  every: 'rate(1 hour)',
  timeoutSeconds: 60,
  input: z.object({}),
  output: z.object({
    /** \`another-run\`: nothing was done, because another run works. */
    outcome: z.enum(['finished', 'another-run']),
  }),
});
`,
  steps: `import type { SystemUseCase } from '#lib/contract/task.ts';
import type { underLease } from '#lib/store/leases/lease.ts';
import type { contract } from './contract.ts';

type Needs = { underLease: typeof underLease };

export const ${camelCase(name)} =
  ({ underLease }: Needs): SystemUseCase<typeof contract> =>
  async (_input, scope) => {
    // Each query here needs a line in lib/store/isolation/system-shapes.ts.
    const done = await underLease(scope, () => Promise.resolve({ outcome: 'finished' as const }));
    return done ?? { outcome: 'another-run' as const };
  };
`,
  handler: `import { serveTask } from '#lib/serve/serve-task.ts';
import { underLease } from '#lib/store/leases/lease.ts';
${importsInOrder(name)}
export const handler = serveTask(contract, ${camelCase(name)}({ underLease }));
`,
  test: `import { describe, expect, it } from '@jest/globals';
import { handler } from '#functions/${wing}/${name}/handler.ts';
import { run, useService } from '#test/support/service.ts';

useService('${name}');

describe('${name}', () => {
  it('ends its run', async () => {
    expect(await run(handler)).toEqual({ outcome: 'finished' });
  });
});
`,
});

const importsInOrder = (name: string): string => {
  const contract = "import { contract } from './contract.ts';\n";
  const steps = `import { ${camelCase(name)} } from './${name}.ts';\n`;
  return `${contract}${steps}`;
};

type RouteFacts = Readonly<Record<'method' | 'permission' | 'purpose' | 'problems', string>>;

const routeContract = (name: string, { method, permission, purpose, problems }: RouteFacts): string =>
  `import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: '${name}',
  summary: '${sentenceOf(name)}',
  method: '${method}',
  path: '/api/v1/customer/{id}/${name}',
  impact: 'nobody can ${wordsOf(name)}',
  permission: '${permission}',
  purpose: '${purpose}',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: { 200: CustomerDto },
  problems: ${problems},
});
`;

const routeTest = (
  { wing, name }: Place,
  method: string,
  { answers, expected }: Readonly<Record<'answers' | 'expected', string>>,
): string => `import { describe, expect, it } from '@jest/globals';
import { handler } from '#functions/${wing}/${name}/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, call, useService } from '#test/support/service.ts';

const service = useService('${name}');

describe('${method} /api/v1/customer/{id}/${name}', () => {
  it('${answers}', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const { status, body } = await call(handler, { ...business, id: customer._id });
    ${expected}
  });

  it('answers 404 for an unknown id', async () => {
    const request = () => call(handler, { ...aBusiness(), id: aBusinessId() });
    await expectRefused(service, request, [404, 'customer-not-found']);
  });
});
`;
