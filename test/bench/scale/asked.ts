import { foldName } from '#lib/domain/spelling/folding.ts';
import { BIGGEST, businessOf, peopleOf, type Person, ROW } from './people.ts';

/** Customers of the biggest business to ask for, and words that find few or many of them. */
export type Asked = Readonly<{
  customers: number;
  ids: readonly string[];
  emails: readonly string[];
  phones: readonly string[];
  phrases: Readonly<
    Record<'rare name' | 'common name' | 'two words' | 'email prefix' | 'phone ending', string>
  >;
}>;

const SAMPLES = 200;

const spread = <T>(list: readonly T[]): T[] =>
  Array.from(
    { length: Math.min(SAMPLES, list.length) },
    (_, index) => list[Math.floor((index * list.length) / SAMPLES)]!,
  );

/** The values from the commonest to the rarest; of equally rare ones the longest last. */
const byFrequency = (values: readonly (string | null | undefined)[]): string[] => {
  const counts = new Map<string, number>();
  for (const value of values) if (typeof value === 'string') counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([one, often], [other, asOften]) => asOften - often || one.length - other.length)
    .map(([value]) => value);
};

/** What to ask of so many customers in all. */
export const askedOf = (size: number, seed: number): Asked => {
  const rows = Array.from({ length: Math.ceil(size / ROW) }, (_, row) => row);
  const people = rows
    .filter((row) => businessOf(row, seed) === BIGGEST)
    .flatMap((row) => peopleOf(row, seed));
  const live = spread(people.filter(isWhole));
  const [firstNames, lastNames] = [
    people.map(({ firstName }) => firstName),
    people.map(({ lastName }) => lastName),
  ];
  const common = foldName(byFrequency(firstNames)[0]!);
  const { email, phone } = live[0]!;
  return {
    customers: people.length,
    ids: live.map(({ id }) => id),
    emails: live.map((person) => person.email),
    phones: live.map((person) => person.phone),
    phrases: {
      'rare name': byFrequency(lastNames).at(-1)!,
      'common name': common,
      'two words': `${common} ${foldName(byFrequency(lastNames)[0]!)}`,
      'email prefix': email.slice(0, email.indexOf('@')),
      'phone ending': phone.slice(-6).replace('-', ''),
    },
  };
};

type Whole = Person & Readonly<{ email: string; phone: string }>;
const isWhole = (person: Person): person is Whole =>
  person.customerType === 'regular' && person.state !== 'deleted';
