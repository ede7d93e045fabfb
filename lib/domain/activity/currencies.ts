/**
 * The codes of ISO 4217 by how many digits their minor unit has, as list one of the standard says (January 2024, and XCG of 2025).
 * `Intl` of the platform has other digits for some (HUF, IQD), knows withdrawn codes (HRK) and lacks others (CLF). A test compares.
 */
const CODES: readonly (readonly [digits: number, codes: string])[] = [
  [
    0,
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XAG XAU XBA XBB XBC XBD XDR XOF XPD XPF XPT ' +
      'XSU XTS XUA XXX',
  ],
  [
    2,
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF ' +
      'CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ ' +
      'GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK ' +
      'MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB ' +
      'SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN ' +
      'UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const DIGITS: ReadonlyMap<string, number> = new Map(
  CODES.flatMap(([digits, codes]) => codes.split(' ').map((code): [string, number] => [code, digits])),
);

/** Whether a text is a code of ISO 4217. */
export const isCurrency = (code: string): boolean => DIGITS.has(code);

/** All codes, with the digits of their minor units. */
export const currencies = (): ReadonlyMap<string, number> => DIGITS;

/** 1 for a currency without a minor unit, 100 for most. */
const unitsOf = (code: string): number => 10 ** (DIGITS.get(code) ?? 2);

/** The largest amount that an event may have, in the major unit. */
export const MOST_AMOUNT = 10 ** 12;

/** An amount in the minor unit of its currency: 12.5 PLN are 1250. Digits beyond it are rounded. */
export const toMinor = (amount: number, code: string): number => Math.round(amount * unitsOf(code));

/** An amount in the major unit of its currency, as other services say it: 1250 of PLN are 12.5. */
export const toMajor = (minor: number, code: string): number => minor / unitsOf(code);
