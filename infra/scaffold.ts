import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const VERB_NOUN = /^[a-z]+(-[a-z]+)+$/;

/**
 * Writes a new use case that already works (it reads one customer) with its test, and lists its contract.
 * @param root the project's folder
 * @param name verb and noun, as in `rate-customer`
 * @returns the files it wrote or changed, from the root
 * @throws Error with one sentence when the name is none or is taken
 */
export const scaffoldUseCase = async (root: string, name: string): Promise<string[]> => {
  if (!VERB_NOUN.test(name)) {
    throw new Error(`A use case is named by verb and noun, as in rate-customer; '${name}' is not.`);
  }
  const listed = await readFile(join(root, LIST), 'utf8');
  if (contractsIn(listed).includes(name)) throw new Error(`There is a use case ${name} already.`);
  for (const [path, text] of Object.entries(filesOf(name))) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), text, { flag: 'wx' });
  }
  await writeFile(join(root, LIST), withContract(listed, name));
  return [...Object.keys(filesOf(name)), LIST];
};

const LIST = 'functions/contracts.ts';

const camelCase = (name: string): string => name.replace(/-./g, (pair) => pair.slice(1).toUpperCase());

const contractsIn = (list: string): string[] =>
  [...list.matchAll(/from '\.\/(.+)\/contract\.ts'/g)].map(([, name = '']) => name);

/** The list of contracts with one more, in the order of names. */
const withContract = (list: string, name: string): string => {
  const names = [...contractsIn(list), name].sort();
  const imports = names.map(
    (each) => `import { contract as ${camelCase(each)} } from './${each}/contract.ts';`,
  );
  return list
    .replace(/(?:import \{ contract as .+\n)+/, () => `${imports.join('\n')}\n`)
    .replace(/= \[[^\]]*\]/, () => `= [\n${names.map((each) => `  ${camelCase(each)},\n`).join('')}]`);
};

const filesOf = (name: string): Readonly<Record<string, string>> => ({
  [`functions/${name}/contract.ts`]: contractOf(name),
  [`functions/${name}/${name}.ts`]: stepsOf(name),
  [`functions/${name}/handler.ts`]: handlerOf(name),
  [`test/functions/${name}.test.ts`]: testOf(name),
});

const contractOf = (name: string): string => {
  const words = name.replaceAll('-', ' ');
  return `import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: '${name}',
  summary: '${words.charAt(0).toUpperCase()}${words.slice(1)}',
  method: 'GET',
  path: '/api/v1/customer/{id}/${name}',
  impact: 'nobody can ${words}',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: { 200: CustomerDto },
  problems: ['customer-not-found'],
});
`;
};

const stepsOf = (name: string): string => `import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { Customer } from '#lib/domain/customer.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { contract } from './contract.ts';

type Needs = { findCustomer: (id: string, scope: BusinessScope) => Promise<Customer | null> };

export const ${camelCase(name)} =
  ({ findCustomer }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const customer = await findCustomer(id, scope);
    if (customer === null) throw customerNotFound();
    return ok(toCustomerDto(customer));
  };
`;

const handlerOf = (name: string): string => `import { serve } from '#lib/http/serve.ts';
import { findCustomer } from '#lib/store/customer-reader.ts';
import { contract } from './contract.ts';
import { ${camelCase(name)} } from './${name}.ts';

export const handler = serve(contract, ${camelCase(name)}({ findCustomer }));
`;

const testOf = (name: string): string => `import { describe, expect, it } from '@jest/globals';
import { handler } from '#functions/${name}/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { expectRefused } from '#test/support/refusal.ts';
import { aBusinessId, call, useService } from '#test/support/service.ts';

const service = useService('${name}');

describe('GET /api/v1/customer/{id}/${name}', () => {
  it('answers the customer', async () => {
    const business = aBusiness();
    const customer = await added(business);
    const { status, body } = await call(handler, { ...business, id: customer._id });
    expect([status, body]).toEqual([200, customer]);
  });

  it('answers 404 for an unknown id', async () => {
    const request = () => call(handler, { ...aBusiness(), id: aBusinessId() });
    await expectRefused(service, request, [404, 'customer-not-found']);
  });
});
`;
