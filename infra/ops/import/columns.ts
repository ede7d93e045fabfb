import { Misuse } from '../command.ts';

/** What a column may hold. */
export const FIELDS = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'note',
  'customerType',
  'state',
  'stateHistory',
] as const;
export type Field = (typeof FIELDS)[number];

/** How people call them in English, Polish, German and Ukrainian. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  firstName: ['first name', 'given name', 'forename', 'imię', 'Vorname', 'ім’я'],
  lastName: ['last name', 'surname', 'family name', 'nazwisko', 'Nachname', 'Familienname', 'прізвище'],
  email: ['email', 'e-mail address', 'mail', 'adres e-mail', 'E-Mail-Adresse', 'пошта', 'електронна пошта'],
  // prettier-ignore
  phone: [
    'phone', 'phone number', 'telephone', 'mobile', 'mobile phone', 'cell', 'tel', 'telefon', 'numer telefonu', 'komórka',
    'Telefonnummer', 'Handy', 'Mobil', 'телефон', 'номер телефону',
  ],
  // prettier-ignore
  note: ['note', 'notes', 'comment', 'comments', 'uwagi', 'notatka', 'Notiz', 'Bemerkung', 'Kommentar', 'примітка', 'коментар'],
  customerType: ['customer type', 'typ klienta', 'Kundentyp', 'тип клієнта'],
  state: ['state'],
  stateHistory: ['state history'],
};

const folded = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll(/[^\p{L}]/gu, '');

const KNOWN: ReadonlyMap<string, Field> = new Map(
  FIELDS.flatMap((field) => NAMES[field].map((name) => [folded(name), field] as const)),
);

/** Which header is meant as which field, in the operator's words: `Vorname=firstName,Tel=phone`; `-` leaves one out. */
export type Mapping = ReadonlyMap<string, Field | null>;

/** @throws Misuse for what is no pair of a header and a field */
export const mappingFrom = (text: string): Mapping =>
  new Map(
    text.split(',').map((pair) => {
      const at = pair.lastIndexOf('=');
      const wanted = pair.slice(at + 1).trim();
      const field = FIELDS.find((one) => one === wanted) ?? null;
      if (at < 1 || (field === null && wanted !== '-'))
        throw new Misuse(`--map takes <header>=<field>, one of ${FIELDS.join(', ')}, or - to leave it out.`);
      return [folded(pair.slice(0, at)), field];
    }),
  );

/**
 * Which field each column holds; null for one that is not imported.
 * @throws Misuse when no column is known, or two hold the same
 */
export const fieldsOfColumns = (headers: readonly string[], mapping: Mapping): readonly (Field | null)[] => {
  const fields = headers.map((header) => {
    const name = folded(header);
    const asked = mapping.get(name);
    return asked === undefined ? (KNOWN.get(name) ?? null) : asked;
  });
  const known = fields.filter((field) => field !== null);
  if (known.length === 0) throw new Misuse('No column of the first line is known. Name them with --map.');
  const twice = known.find((field, index) => known.indexOf(field) !== index);
  if (twice !== undefined) throw new Misuse(`Two columns hold ${twice}. Leave one out with --map <header>=-`);
  return fields;
};
