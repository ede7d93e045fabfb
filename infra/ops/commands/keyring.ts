import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { link, lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isKeyId, type Keyring, parseKeyring } from '#lib/privacy/keyring.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { print } from '../terminal.ts';
import { isLink, OWNER_ONLY, whyNotWritten } from '../private-files.ts';
import { cannotRead } from '../text-files.ts';

const KEY_BYTES = 32;

type Change = (ring: Keyring, id: string) => Keyring;

const newKey = () => createSecretKey(randomBytes(KEY_BYTES));

const addKey: Change = (ring, id) => {
  if (ring.keys.has(id))
    throw new UsageError(`The keyring already has a key ${id}. Choose another id: a key is never replaced.`);
  return { ...ring, keys: new Map([...ring.keys, [id, newKey()]]) };
};

const useKey: Change = (ring, id) => {
  if (!ring.keys.has(id)) throw new UsageError(`The keyring has no key ${id}. Add it first.`);
  return { ...ring, current: id };
};

const dropKey: Change = (ring, id) => {
  if (!ring.keys.has(id)) throw new UsageError(`The keyring has no key ${id}.`);
  if (id === ring.current)
    throw new UsageError(`${id} is the current key. Use another key before you drop it.`);
  return { ...ring, keys: new Map([...ring.keys].filter(([other]) => other !== id)) };
};

const addPepper: Change = (ring) => {
  if (ring.pepper !== undefined)
    throw new UsageError('The keyring has a pepper already. It is never replaced: kept refusals need it.');
  return { ...ring, pepper: newKey() };
};

const CHANGES: Readonly<Record<string, Change>> = {
  add: addKey,
  use: useKey,
  drop: dropKey,
  'add-pepper': addPepper,
};

export const keyring: Command = {
  name: 'keyring',
  summary: 'Create a file of master keys, or add, use or drop a key in it.',
  usage: 'new|add|use|drop|add-pepper --file <file> [--id <key id>] [--dry-run]',
  help: [
    'Steps:',
    '  new          create a file with one key and a pepper; an existing file is never replaced',
    '  add          add a random key; the current key stays the same',
    '  use          make this key the current one, which encrypts from now on',
    '  drop         remove a key, when reencrypt says that you may drop it',
    '  add-pepper   add the pepper to a file from before there was one; it is never changed',
    '',
    'Options:',
    '  --file <file>    the keyring file',
    '  --id <key id>    the key: 1 to 16 characters of a-z, 0-9 and hyphen; not for add-pepper',
    '  --dry-run        print what would be written and write nothing',
    '',
    'It works on a file only and never prints a key. The steps of a key rotation are in docs/key-rotation.md.',
  ],
  needsDatabase: false,
  run: async (args) => {
    const { verb, file, id, isDryRun } = optionsFrom(args);
    const ring =
      verb === 'new'
        ? { current: id, keys: new Map([[id, newKey()]]), pepper: newKey() }
        : await changed(verb, file, id);
    if (!isDryRun) await (verb === 'new' ? create(file, ring) : replace(file, ring));
    print(
      `${isDryRun ? 'Would write' : 'Wrote'} ${file}: keys ${[...ring.keys.keys()].join(', ')}; current ${ring.current}${ring.pepper === undefined ? '; no pepper' : ''}`,
    );
    return EXIT.done;
  },
};

const optionsFrom = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { file: { type: 'string' }, id: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  });
  const [verb = '', ...others] = positionals;
  const { file, id, 'dry-run': isDryRun = false } = values;
  if ((verb !== 'new' && !Object.hasOwn(CHANGES, verb)) || others.length > 0) throw new UsageError(NO_VERB);
  if (file === undefined) throw new UsageError('Missing --file. Add --file <file>, the keyring file.');
  if (verb === 'add-pepper') {
    if (id !== undefined) throw new UsageError('add-pepper takes no --id. Leave it out.');
    return { verb, file, id: '', isDryRun };
  }
  if (id === undefined) throw new UsageError('Missing --id. Add --id <key id>.');
  if (!isKeyId(id)) throw new UsageError('--id must be 1 to 16 characters: a-z, 0-9 and hyphen.');
  return { verb, file, id, isDryRun };
};

const NO_VERB = 'Name one step after keyring: new, add, use, drop or add-pepper.';

/** A changed keyring takes the place of the file: of a link, it would leave the file behind as it was. */
const refuseLink = async (file: string): Promise<void> => {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isSymbolicLink() === true) throw new UsageError(isLink(file));
};

const changed = async (verb: string, file: string, id: string): Promise<Keyring> => {
  await refuseLink(file);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(cannotRead(file), { cause });
  });
  const change = CHANGES[verb];
  if (change === undefined) throw new UsageError(NO_VERB);
  const ring = parseKeyring(text);
  return change(ring, id);
};

const base64Of = (key: KeyObject): string => key.export().toString('base64');

const textOf = ({ current, keys, pepper }: Keyring): string => {
  const encoded = Object.fromEntries([...keys].map(([id, key]) => [id, base64Of(key)]));
  return `${JSON.stringify({ current, keys: encoded, ...(pepper && { pepper: base64Of(pepper) }) })}\n`;
};

/** Writes the file as a whole or not at all: without a key, nothing that it encrypted can be read. */
const writeWhole = async (
  file: string,
  ring: Keyring,
  settle: (draft: string) => Promise<void>,
): Promise<void> => {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, textOf(ring), { flag: 'wx', mode: OWNER_ONLY, flush: true });
    await settle(draft);
  } catch (cause) {
    throw new UsageError(whyNotWritten(file, cause), { cause });
  } finally {
    await rm(draft, { force: true });
  }
};

const create = (file: string, ring: Keyring): Promise<void> =>
  writeWhole(file, ring, (draft) => link(draft, file));

const replace = (file: string, ring: Keyring): Promise<void> =>
  writeWhole(file, ring, (draft) => rename(draft, file));
