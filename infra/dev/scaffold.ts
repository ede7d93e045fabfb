import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { camelCase, filesOf, type Kind, type Place } from './scaffold-texts.ts';

const LIST = 'functions/contracts.ts';
const VERB_NOUN = /^[a-z]+(-[a-z]+)+$/;
const USUAL_WING = 'customers';
const LINE_LENGTH = 110;

type Change = (text: string, place: Place) => string;

/** Ends a list that is an object. @param begin the line that begins it; @param line the line to add */
const endOf =
  (begin: string, line: (name: string) => string): Change =>
  (text, { name }) => {
    const from = text.indexOf(begin);
    const end = text.indexOf('\n};', from);
    if (from < 0 || end < 0) throw new Error(`There is no list that begins with «${begin}».`);
    return `${text.slice(0, end)}\n  ${line(name)}${text.slice(end)}`;
  };

const REQUEST = endOf('const REQUESTS: ', (name) => `'${name}': (id) => ({ id }),`);
const callers = (roles: string): Change => endOf('const MAY_CALL: ', (name) => `'${name}': ${roles},`);

/** Who sees what of the customer that it answers. */
const VIEW = endOf(
  'const ANSWERS: ',
  (name) => `'${name}': async (business) => ({
    answer: await business.route('${name}', { id: await anOpen(business) }),
    at: (body) => body,
  }),`,
);
const VIEWS = 'test/promises/row-23-the-view-fits-the-role.test.ts';

/** The story of the examples in the API document does not tell it yet. */
const UNTOLD: Change = (text, { name }) =>
  text.replace(/(?<=export const UNTOLD: readonly string\[\] = \[)[^\]]*(?=\];)/, (names) =>
    [...(names.match(/'[\w-]+'/g) ?? []), `'${name}'`].join(', '),
  );
const STORY = 'infra/build/openapi/story/story.ts';

/** Where each kind of use case is listed, beside functions/contracts.ts: without these lines some test fails. */
const LISTS: Readonly<Record<Kind, Readonly<Record<string, Change>>>> = {
  GET: {
    'test/support/routes.ts': REQUEST,
    'test/functions/who-may-call.test.ts': callers('READERS'),
    [VIEWS]: VIEW,
    [STORY]: UNTOLD,
  },
  POST: {
    'test/support/routes.ts': REQUEST,
    'test/functions/who-may-call.test.ts': callers('EDITORS'),
    [VIEWS]: VIEW,
    [STORY]: UNTOLD,
  },
  schedule: {
    'lib/store/isolation/system-shapes.ts': endOf(
      'export const SYSTEM_SHAPES: ',
      (name) => `'${name}': UNDER_LEASE,`,
    ),
  },
};

/** What to write: wing and name, as in `customers/rate-customer`, where a name alone goes to `customers`; and which kind. */
type Asked = Readonly<{ asked: string; kind?: Kind }>;

/**
 * Writes a new use case that already works with its test, and lists it wherever use cases of its kind are listed. A GET reads one
 * customer, a POST archives it, and a schedule takes a lease and does nothing.
 * @param root the project's folder
 * @returns the files it wrote or changed, from the root
 * @throws Error with one sentence when the name is not a verb and a noun or is taken, or when there is no such wing
 */
export const scaffoldUseCase = async (root: string, { asked, kind = 'GET' }: Asked): Promise<string[]> => {
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
  const changed = await changedLists(root, place, { [LIST]: withContract, ...LISTS[kind] });
  const files = filesOf(place, kind);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), text, { flag: 'wx' });
  }
  for (const [path, text] of changed) await writeFile(join(root, path), text);
  return [...Object.keys(files), ...changed.keys()];
};

/** The new texts of the lists. Nothing is written before each of them was found. */
const changedLists = async (
  root: string,
  place: Place,
  changes: Readonly<Record<string, Change>>,
): Promise<ReadonlyMap<string, string>> => {
  const texts = new Map<string, string>();
  for (const [path, change] of Object.entries(changes))
    texts.set(path, change(await readFile(join(root, path), 'utf8'), place));
  return texts;
};

const placeOf = (asked: string): Place => {
  const [first = '', ...rest] = asked.split('/');
  return rest.length === 0 ? { wing: USUAL_WING, name: first } : { wing: first, name: rest.join('/') };
};

const contractsIn = (list: string): Place[] =>
  [...list.matchAll(/from '\.\/(.+)\/(.+)\/contract\.ts'/g)].map(([, wing = '', name = '']) => ({
    wing,
    name,
  }));

/** The list of contracts with one more, the last of its wing. */
const withContract: Change = (list, { wing, name }) => {
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
