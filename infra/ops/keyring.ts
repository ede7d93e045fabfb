import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isKeyId, type Keyring, parseKeyring } from '#lib/privacy/keyring.ts';
import { type Command, EXIT, Misuse } from './command.ts';
import { say } from './terminal.ts';

const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;

type Change = (ring: Keyring, id: string) => Keyring;

const aKey = () => createSecretKey(randomBytes(KEY_BYTES));

const addKey: Change = ({ current, keys }, id) => {
  if (keys.has(id)) throw new Misuse(`There is a key ${id} already. A key never changes under its id.`);
  return { current, keys: new Map([...keys, [id, aKey()]]) };
};

const useKey: Change = ({ keys }, id) => {
  if (!keys.has(id)) throw new Misuse(`There is no key ${id}. Add it first.`);
  return { current: id, keys };
};

const dropKey: Change = ({ current, keys }, id) => {
  if (!keys.has(id)) throw new Misuse(`There is no key ${id}.`);
  if (id === current) throw new Misuse(`${id} is the current key. Use another one first.`);
  return { current, keys: new Map([...keys].filter(([other]) => other !== id)) };
};

const CHANGES: Readonly<Record<string, Change>> = { add: addKey, use: useKey, drop: dropKey };

export const keyring: Command = {
  name: 'keyring',
  summary: 'Make a file of master keys, add a key, use another one, drop one',
  help: [
    '  new  --file <file> --id <key>     a new file with one key; an existing file is never replaced',
    '  add  --file <file> --id <key>     add a random key; the current one stays',
    '  use  --file <file> --id <key>     seal with this one from now on',
    '  drop --file <file> --id <key>     when reencrypt says that it may be dropped',
    '  --dry-run                         say what would be, write nothing',
    '',
    'It works on a file only and never prints a key. docs/key-rotation.md says when to do what.',
  ],
  needsDatabase: false,
  run: async (args) => {
    const { verb, file, id, isDryRun } = askedBy(args);
    const ring =
      verb === 'new' ? { current: id, keys: new Map([[id, aKey()]]) } : await changed(verb, file, id);
    if (!isDryRun) await (verb === 'new' ? create(file, ring) : replace(file, ring));
    say(
      `${isDryRun ? 'Would write' : 'Wrote'} ${file}: keys ${[...ring.keys.keys()].join(', ')}; current ${ring.current}`,
    );
    return EXIT.done;
  },
};

const askedBy = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { file: { type: 'string' }, id: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  });
  const [verb = '', ...others] = positionals;
  const { file, id, 'dry-run': isDryRun = false } = values;
  if ((verb !== 'new' && !Object.hasOwn(CHANGES, verb)) || others.length > 0)
    throw new Misuse('Say one of new, add, use, drop.');
  if (file === undefined || id === undefined) throw new Misuse('Say --file <file> and --id <key>.');
  if (!isKeyId(id)) throw new Misuse('--id takes 1 to 16 characters of a-z, 0-9 and hyphen.');
  return { verb, file, id, isDryRun };
};

const changed = async (verb: string, file: string, id: string): Promise<Keyring> => {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Misuse(`${file} cannot be read.`);
  });
  const change = CHANGES[verb];
  if (change === undefined) throw new Misuse('Say one of new, add, use, drop.');
  return change(parseKeyring(text), id);
};

const textOf = ({ current, keys }: Keyring): string => {
  const encoded = [...keys].map(([id, key]) => [id, key.export().toString('base64')] as const);
  return `${JSON.stringify({ current, keys: Object.fromEntries(encoded) })}\n`;
};

/** Whole or not at all: who loses a key loses what it sealed. */
const inDraft = async (
  file: string,
  ring: Keyring,
  settle: (draft: string) => Promise<void>,
): Promise<void> => {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, textOf(ring), { mode: OWNER_ONLY, flush: true });
    await settle(draft);
  } catch (error) {
    const isThere = Error.isError(error) && 'code' in error && error.code === 'EEXIST';
    throw new Misuse(isThere ? `${file} is there already.` : `${file} cannot be written.`, { cause: error });
  } finally {
    await rm(draft, { force: true });
  }
};

const create = (file: string, ring: Keyring): Promise<void> =>
  inDraft(file, ring, (draft) => link(draft, file));

const replace = (file: string, ring: Keyring): Promise<void> =>
  inDraft(file, ring, async (draft) => {
    await rename(draft, file);
    await chmod(file, OWNER_ONLY);
  });
