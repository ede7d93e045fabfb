import { callingCodeIn, callingCodeOf, trunkPrefixOf } from './calling-codes.ts';
import { phoneDigits, type PhoneText } from './phone-digits.ts';

/**
 * Digits that some callers write after the calling code and others leave out. Mexico ended its mobile prefix 1 in 2019 and
 * old address books still have it. Argentina's 9 marks a mobile number that is called from abroad.
 */
const OPTIONAL: ReadonlyMap<string, Readonly<{ digit: string; nationalLength: number }>> = new Map([
  ['52', { digit: '1', nationalLength: 10 }],
  ['54', { digit: '9', nationalLength: 10 }],
]);

/** A phone in two parts. `code` is empty when its digits do not begin with a calling code. */
type Parts = Readonly<{ code: string; national: string }>;

const partsOf = (digits: string): Parts => {
  const code = callingCodeIn(digits) ?? '';
  return { code, national: digits.slice(code.length) };
};

const withoutOptional = ({ code, national }: Parts): string => {
  const optional = OPTIONAL.get(code);
  return optional !== undefined &&
    national.length === optional.nationalLength + 1 &&
    national.startsWith(optional.digit)
    ? national.slice(1)
    : national;
};

/** A phone in the parts by which it is compared and searched. The text is a stored phone, in any format. */
export const phoneParts = (phone: string): Parts => {
  const parts = partsOf(phoneDigits(phone));
  return { code: parts.code, national: withoutOptional(parts) };
};

/** The same text for every way to write the international number of one person. */
export const foldPhone = (phone: string): string => {
  const { code, national } = phoneParts(phone);
  return `${code}${national}`;
};

/** A zero is the trunk prefix of most countries. Belarus has 8 and, before some numbers, 80. */
const ZERO = '0';

/** A national number as dialled, and without the trunk prefix if it begins with one. */
const withAndWithoutTrunk = (national: string, code: string): readonly string[] => {
  const trunk = trunkPrefixOf(code);
  if (trunk === '' || !national.startsWith(trunk) || national.length === trunk.length) return [national];
  const rest = national.slice(trunk.length);
  return rest.startsWith(ZERO) && rest !== ZERO ? [national, rest, rest.slice(1)] : [national, rest];
};

const ARGENTINA = '54';
const ARGENTINE_DIGITS = 10;
/** Argentine mobile numbers that are dialled at home have 15 after an area code of two to four digits. */
const MOBILE_MARK = '15';
const AREA_CODE_LENGTHS = [2, 3, 4];

const withoutMobileMark = (national: string, code: string): readonly string[] =>
  code === ARGENTINA && national.length === ARGENTINE_DIGITS + MOBILE_MARK.length
    ? AREA_CODE_LENGTHS.filter((area) => national.startsWith(MOBILE_MARK, area)).map(
        (area) => national.slice(0, area) + national.slice(area + MOBILE_MARK.length),
      )
    : [];

/** The numbers that a whole phone may mean. If no customer has one of `first`, it may be one of `otherwise`. */
export type MeantNumbers = Readonly<{ first: readonly string[]; otherwise: readonly string[] }>;

const internationals = (digits: string): readonly string[] => {
  const { code, national } = partsOf(digits);
  return withAndWithoutTrunk(national, code).map((rest) => `${code}${rest}`);
};

/**
 * The international numbers that a whole phone may mean, without the phone library. A number with `+` or 00 means one
 * number. Other digits are a national number of the business's country first, as they are when a phone is stored.
 * @param country ISO 3166-1 alpha-2 code from the settings of the business; not used for a number with `+` or 00
 */
export const meantNumbers = ({ digits, isInternational }: PhoneText, country: string): MeantNumbers => {
  const code = callingCodeOf(country);
  if (isInternational || code === null) return { first: internationals(digits), otherwise: [] };
  const nationals = withAndWithoutTrunk(digits, code)
    .flatMap((national) => [national, ...withoutMobileMark(national, code)])
    .map((national) => `${code}${national}`);
  return digits.startsWith(code)
    ? { first: [...nationals, ...internationals(digits)], otherwise: [] }
    : { first: nationals, otherwise: internationals(digits) };
};

/** How a stored phone is found by its beginnings and ends: its calling code, and the number without it. */
export type PhoneBeginning = Readonly<{
  /** Beginnings of national numbers, and ends of four or more digits. */
  nationals: readonly string[];
  /** The calling code, and beginnings of the number after it; null when the digits do not begin with a code. */
  afterCode: Readonly<{ code: string; nationals: readonly string[] }> | null;
  /** The beginning of a calling code; null when the digits are more than that. */
  code: string | null;
}>;

const LONGEST_CODE = 3;

const beginningsAfter = (code: string, national: string): readonly string[] => {
  const optional = OPTIONAL.get(code);
  const dialled = withAndWithoutTrunk(national, code);
  return optional !== undefined && national.startsWith(optional.digit) && national.length > 1
    ? [...dialled, national.slice(1)]
    : dialled;
};

const nationalsOf = (digits: string, country: string): readonly string[] => {
  const inCountry = beginningsAfter(callingCodeOf(country) ?? '', digits);
  // The phone may be of another country than the business.
  return digits.startsWith(ZERO) && digits !== ZERO ? [...inCountry, digits.slice(1)] : inCountry;
};

/**
 * What the beginning or the end of a phone, as typed in a search, may mean.
 * @param country ISO 3166-1 alpha-2 code from the settings of the business; not used for digits with `+`
 */
export const meantBeginning = ({ digits, dialled }: PhoneText, country: string): PhoneBeginning => {
  const { code, national } = partsOf(digits);
  return {
    nationals: dialled === null ? [] : [...new Set(nationalsOf(dialled, country))],
    afterCode: code === '' || national === '' ? null : { code, nationals: beginningsAfter(code, national) },
    code: digits.length <= LONGEST_CODE && (code === '' || national === '') ? digits : null,
  };
};
