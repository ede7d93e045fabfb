import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const debianSuites = new Set([
  ...['stable', 'oldstable', 'oldoldstable', 'testing', 'unstable', 'sid'],
  ...['bullseye', 'bookworm', 'trixie', 'forky', 'duke'],
]);

type Source = { readonly uri: string; readonly suites: readonly string[] };

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

/** The one-line form: `deb [options] uri suite component...`. */
const sourcesInList = (text: string): Source[] =>
  text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line);
    return match?.[1] && match[2] ? [{ uri: match[1], suites: [match[2]] }] : [];
  });

const fieldsOf = (stanza: string): Map<string, string> => {
  const fields = new Map<string, string>();
  let name = '';
  for (const line of stanza.split('\n').filter((one) => !one.startsWith('#'))) {
    const match = /^([\w-]+):\s*(.*)$/.exec(line);
    if (match) name = (match[1] ?? '').toLowerCase();
    fields.set(name, `${fields.get(name) ?? ''} ${match ? (match[2] ?? '') : line}`);
  }
  return fields;
};

/** The deb822 form: stanzas of `Types:`, `URIs:`, `Suites:`, values continued on indented lines. */
const sourcesInStanzas = (text: string): Source[] =>
  text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = fieldsOf(stanza);
    const isOff = words(fields.get('enabled')).some((word) =>
      ['no', 'false', '0'].includes(word.toLowerCase()),
    );
    if (isOff || !words(fields.get('types')).includes('deb')) return [];
    const suites = words(fields.get('suites'));
    return words(fields.get('uris')).map((uri) => ({ uri, suites }));
  });

/** The first address in a file of apt sources that serves a release of Debian; undefined when there is none. */
export const debianMirrorIn = (fileName: string, text: string): string | undefined => {
  const sources = fileName.endsWith('.sources') ? sourcesInStanzas(text) : sourcesInList(text);
  return sources.find(({ suites }) => suites.some((suite) => debianSuites.has(suite)))?.uri;
};

/** The Debian mirror in this machine's apt sources, which may be one of a closed network; undefined when there is none. */
export const findDebianMirror = async (aptFolder = '/etc/apt'): Promise<string | undefined> => {
  const parts = join(aptFolder, 'sources.list.d');
  const names = (await readdir(parts).catch(() => [])).sort().map((name) => join(parts, name));
  for (const file of [join(aptFolder, 'sources.list'), ...names]) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const mirror = debianMirrorIn(file, text);
    if (mirror !== undefined) return mirror;
  }
  return undefined;
};

/** The line for our own sources.list. DocumentDB is in Debian since the release called forky. */
export const sourceLine = (mirror: string, keyring: string): string =>
  `deb [signed-by=${keyring}] ${mirror} forky main\n`;
