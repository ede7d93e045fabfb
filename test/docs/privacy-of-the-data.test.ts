import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { collections } from '#lib/store/collections/collections.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/privacy-of-the-data.md'), 'utf8');
/** Each collection's row: its name, then the fields in clear, the keyed and the sealed ones. */
const ROWS = new Map(
  [...PAGE.matchAll(/^\| `(\w+)` +\|(.*)\|(.*)\|(.*)\|.*\|$/gm)].map(([, name, ...cells]) => [
    name ?? '',
    cells.map((cell) => new Set([...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word))),
  ]),
);
const COLUMN_OF: Readonly<Record<string, number>> = { technical: 0, clear: 0, keyed: 1, sealed: 2 };

const fieldsOf = (kinds: object): [string, string][] =>
  Object.entries(kinds).flatMap(([name, kind]: [string, unknown]) =>
    typeof kind === 'string'
      ? [[name, kind] as [string, string]]
      : [[name, 'technical'], ...fieldsOf(kind as object)],
  );

describe('docs/privacy-of-the-data.md', () => {
  it('lists every collection, and no other', () => {
    expect([...ROWS.keys()].sort()).toEqual(Object.keys(collections).sort());
  });

  it.each(Object.entries(collections))(
    'says of every field of %s what a copy shows of it',
    (name, { kinds }) => {
      const cells = ROWS.get(name) ?? [];
      const missing = fieldsOf(kinds).filter(
        ([field, kind]) => cells[COLUMN_OF[kind] ?? 0]?.has(field) !== true,
      );
      expect(missing).toEqual([]);
    },
  );
});
