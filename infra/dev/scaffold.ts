import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const LIST = 'functions/contracts.ts';
const VERB_NOUN = /^[a-z]+(-[a-z]+)+$/;
const USUAL_WING = 'customers';
const LINE_LENGTH = 110;

/** A use case to be written: its wing and its name. */
type Place = Readonly<{ wing: string; name: string }>;

/**
 * Writes a new use case that already works (it reads one customer) with its test, and lists its contract.
 * @param root the project's folder
 * @param asked wing and name, as in `customers/rate-customer`; a name alone goes to `customers`
 * @returns the files it wrote or changed, from the root
 * @throws Error with one sentence when the name is not a verb and a noun or is taken, or when there is no such wing
 */
export const scaffoldUseCase = async (root: string, asked: string): Promise<string[]> => {
  const place = placeOf(asked);
  const { wing, name } = place;
  if (!VERB_NOUN.test(name) || !/^[a-z]+$/.test(wing)) {
    throw new Error(`Name a use case by verb and noun, as in rate-customer; '${asked}' is not.`);
  }
  const listed = await readFile(join(root, LIST), 'utf8');
  const contracts = contractsIn(listed);
  const wings = [...new Set(contracts.map((one) => one.wing))];
  if (!wings.includes(wing)) throw new Error(`There is no wing ${wing}. Choose one of ${wings.join(', ')}.`);
  if (contracts.some((one) => one.name === name))
    throw new Error(`There is already a use case ${name}. Choose another name.`);
  const files = filesOf(place);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), text, { flag: 'wx' });
  }
  await writeFile(join(root, LIST), withContract(listed, place));
  return [...Object.keys(files), LIST];
};

const placeOf = (asked: string): Place => {
  const [first = '', ...rest] = asked.split('/');
  return rest.length === 0 ? { wing: USUAL_WING, name: first } : { wing: first, name: rest.join('/') };
};

const camelCase = (name: string): string => name.replace(/-./g, (pair) => pair.slice(1).toUpperCase());

const contractsIn = (list: string): Place[] =>
  [...list.matchAll(/from '\.\/(.+)\/(.+)\/contract\.ts'/g)].map(([, wing = '', name = '']) => ({
    wing,
    name,
  }));

/** The list of contracts with one more, the last of its wing. */
const withContract = (list: string, { wing, name }: Place): string => {
  const lastImport = new RegExp(`(?:import \\{ contract as .+ from '\\./${wing}/.+\n)+`);
  const itsWing = new RegExp(`(?<=  ${wing}: \\[)[^\\]]*(?=\\])`);
  const added = camelCase(name);
  return list
    .replace(
      lastImport,
      (imports) => `${imports}import { contract as ${added} } from './${wing}/${name}/contract.ts';\n`,
    )
    .replace(itsWing, (entries) => asFormatted(wing, [...(entries.match(/\w+/g) ?? []), added]));
};

/** On one line where that is no longer than the formatter allows. */
const asFormatted = (wing: string, names: readonly string[]): string => {
  const line = names.join(', ');
  return `  ${wing}: [${line}],`.length <= LINE_LENGTH
    ? line
    : `\n${names.map((each) => `    ${each},\n`).join('')}  `;
};

const filesOf = ({ wing, name }: Place): Readonly<Record<string, string>> => ({
  [`functions/${wing}/${name}/contract.ts`]: contractOf(name),
  [`functions/${wing}/${name}/${name}.ts`]: stepsOf(name),
  [`functions/${wing}/${name}/handler.ts`]: handlerOf(name),
  [`test/functions/${wing}/${name}.test.ts`]: testOf({ wing, name }),
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
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { contract } from './contract.ts';

type Needs = { findSurvivor: (id: string, scope: BusinessScope) => Promise<Customer | null> };

export const ${camelCase(name)} =
  ({ findSurvivor }: Needs): UseCase<typeof contract> =>
  async ({ params: { id } }, scope) => {
    const customer = await findSurvivor(id, scope);
    if (customer === null) throw customerNotFound();
    return ok(toCustomerDto(customer));
  };
`;

const handlerOf = (name: string): string => `import { serve } from '#lib/serve/serve.ts';
import { findSurvivor } from '#lib/store/customers/reader.ts';
import { contract } from './contract.ts';
import { ${camelCase(name)} } from './${name}.ts';

export const handler = serve(contract, ${camelCase(name)}({ findSurvivor }));
`;

const testOf = ({ wing, name }: Place): string => `import { describe, expect, it } from '@jest/globals';
import { handler } from '#functions/${wing}/${name}/handler.ts';
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
