import { describe, expect, it } from '@jest/globals';
import { collections } from '#lib/store/collections/collections.ts';
import type { Person } from '#lib/store/collections/define-collection.ts';
import { PLACES } from '#lib/store/rights/places.ts';
import { report } from '#test/support/promise.ts';

type Kinds = Readonly<Record<string, unknown>>;

/** Whether a path, or a part of it, is of one of these kinds. */
const isOf = (kinds: readonly string[], kind: unknown): boolean =>
  typeof kind === 'string'
    ? kinds.includes(kind)
    : Object.values(kind as object).some((part) => isOf(kinds, part));
/** Of a person, and of use to it. What is made of that with a key is of no use to anybody else. */
const isReadable = (kind: unknown): boolean => isOf(['clear', 'sealed'], kind);

/** Whether an erasure removes a path; `kept` when its row says why it stays. */
const fateOf = ({ erasing }: Person, path: string): 'erased' | 'kept' => {
  switch (erasing.by) {
    case 'begin':
    case 'sweep':
    case 'handing over':
    case 'shredding':
      return 'erased';
    case 'blanking':
      return erasing.fields.includes(path) ? 'erased' : 'kept';
    case 'emptying':
      return erasing.field === path ? 'erased' : 'kept';
    case 'keeping':
      return 'kept';
  }
};

const sightOf = ({ exported }: Person, path: string): 'shown' | 'withheld' | 'nowhere' => {
  if (exported.under === 'none') return 'withheld';
  const shown = exported.shows.includes(path);
  const withheld = exported.withholds.some(({ fields }) => fields.includes(path));
  if (shown === withheld) return 'nowhere';
  return shown ? 'shown' : 'withheld';
};

/** What is wrong with a row: the paths that it forgets, and those that are exported and stay, or the reverse. */
const faultsIn = (person: Person, kinds: Kinds): readonly string[] =>
  Object.keys(kinds)
    .filter((path) => !['_id', 'businessId', person.foundBy].includes(path))
    .flatMap((path) => {
      const [fate, sight] = [fateOf(person, path), sightOf(person, path)];
      if (sight === 'nowhere') return [`${path} must be in one of shows and withholds`];
      // What is left after an erasure holds no value of the person, so a value that can be read may not be left.
      return fate === 'kept' && isReadable(kinds[path]) ? [`${path} can be read after an erasure`] : [];
    });

describe('what is erased can be exported, and the reverse', () => {
  it.each(PLACES.map((place) => [place.name, place] as const))('%s: by its own row', (name, place) => {
    expect(faultsIn(place, collections[name].kinds)).toEqual([]);
    const reasons =
      place.exported.under === 'none' ? [place.exported.why] : place.exported.withholds.map(({ why }) => why);
    for (const why of [...reasons, ...('why' in place.erasing ? [place.erasing.why] : [])])
      expect(why).toMatch(/^\w.{9,}$/);
  });

  it('and no collection without a row has a value of a person, but the hashes of refusals', () => {
    const others = Object.entries(collections).filter(([, { person }]) => person === null);
    expect(
      others.filter(([, { kinds }]) => isOf(['clear', 'sealed', 'keyed'], kinds)).map(([name]) => name),
    ).toEqual(['suppression']);
    const paths = PLACES.reduce((sum, { name }) => sum + Object.keys(collections[name].kinds).length, 0);
    report(
      27,
      `${paths} paths of ${PLACES.length} places: what an export shows is erased or kept for a reason, and the reverse`,
    );
  });
});

describe('a row with a fault is found', () => {
  const sound = collections.customer_audit.person!;
  const { kinds } = collections.customer_audit;
  const { exported, erasing } = sound;
  if (exported.under === 'none' || erasing.by !== 'blanking')
    throw new Error('These tests need another row.');

  it.each<[string, Person, readonly string[]]>([
    [
      'a reason that is exported and not erased',
      { ...sound, erasing: { ...erasing, fields: [] } },
      ['reason can be read after an erasure'],
    ],
    [
      'a reason that is erased and not exported',
      { ...sound, exported: { ...exported, shows: exported.shows.filter((path) => path !== 'reason') } },
      ['reason must be in one of shows and withholds'],
    ],
    [
      'a path that is both shown and withheld',
      { ...sound, exported: { ...exported, shows: [...exported.shows, 'hash'] } },
      ['hash must be in one of shows and withholds'],
    ],
    [
      'nothing that is erased',
      { ...sound, erasing: { by: 'keeping', why: 'no reason at all' } },
      ['reason can be read after an erasure'],
    ],
  ])('%s', (_what, person, faults) => {
    expect(faultsIn(person, kinds)).toEqual(faults);
  });

  it('a new path of a schema, that no row names', () => {
    expect(faultsIn(sound, { ...kinds, comment: 'sealed' })).toEqual([
      'comment must be in one of shows and withholds',
    ]);
  });
});
