import { SIDES } from '#lib/domain/duplicates/merge.ts';

/** The text in every name, email, note and reason that the builders of these tests make. */
export const CANARY = 'canary';
/** The first digits of every phone that they make. Eight more follow: a length that German numbers may have. */
export const CANARY_DIGITS = '492627';
const MARKS = new RegExp(`${CANARY}|${CANARY_DIGITS}\\d{8}`);

/** The fields and parameters that hold personal values: names, contacts and what was written about a person. */
const PERSONAL = new Set(['firstName', 'lastName', 'phone', 'email', 'note', 'reason', 'phrase']);
/** Shorter values appear by chance. */
const SHORTEST = 8;
const FEWEST_DIGITS = 9;

const normal = (text: string): string => text.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');

/** Texts of eight characters or more, in the normal form of values; all are searched for at once. */
export class ValueIndex {
  readonly #byStart = new Map<string, Set<string>>();

  add(value: string): void {
    const known = normal(value);
    if (known.length < SHORTEST) return;
    const start = known.slice(0, SHORTEST);
    this.#byStart.set(start, (this.#byStart.get(start) ?? new Set()).add(known));
  }

  /** Where in a text in normal form the first value begins that counts; -1 if there is none. */
  placeIn(text: string, counts: (value: string) => boolean = () => true): number {
    for (let at = 0; at + SHORTEST <= text.length; at += 1) {
      for (const value of this.#byStart.get(text.slice(at, at + SHORTEST)) ?? [])
        if (text.startsWith(value, at) && counts(value)) return at;
    }
    return -1;
  }
}

const CHOICES: readonly string[] = SIDES;

/** The personal values that a test gave to the service. They are recognized wherever they appear. */
export class KnownValues {
  readonly #values = new ValueIndex();
  /** An unknown field name is repeated to its sender, so a value that is part of such a name proves nothing. */
  readonly #namesSent = new Set<string>();
  count = 0;

  /** Learns the values in a body, a query or the fields of a customer, at any depth. */
  learn(given: unknown): void {
    const left = [given];
    while (left.length > 0) {
      const next = left.pop();
      if (typeof next !== 'object' || next === null) continue;
      for (const [name, value] of Object.entries(next)) {
        if (!Array.isArray(next) && !PERSONAL.has(name)) this.#namesSent.add(normal(name));
        if (typeof value === 'string' && PERSONAL.has(name)) this.#add(value);
        left.push(value);
      }
    }
  }

  #add(value: string): void {
    // In a merge, `survivor` or `loser` says whose value stays; it is not a value itself.
    if (CHOICES.includes(value)) return;
    this.count += 1;
    const digits = digitsOf(value);
    this.#values.add(value);
    if (digits.length >= FEWEST_DIGITS) this.#values.add(digits);
  }

  /** Where in a text a personal value begins, known to this test or with a canary; -1 if there is none. */
  placeIn(text: string): number {
    const marked = text.search(MARKS);
    return marked === -1 ? this.#values.placeIn(text, (value) => !this.#isInName(value)) : marked;
  }

  #isInName(value: string): boolean {
    return [...this.#namesSent].some((name) => name.includes(value));
  }
}

const decodedRuns = (text: string, runs: RegExp, decode: (run: string) => readonly string[]): string =>
  [...text.matchAll(runs)].flatMap(([run]) => decode(run)).join('\n');

/** A text and what may be hidden in it, each in the normal form of values. */
export const disguisesIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    Object.entries({
      plain: text,
      escaped: text
        .replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
        .replaceAll(/\\[nrt]/g, ' ')
        .replaceAll(/\\(.)/g, '$1'),
      'URL-encoded': decodedRuns(text, /[^\s"]*%[^\s"]*/g, (run) => [
        run
          .replaceAll('+', ' ')
          .replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) =>
            Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
          ),
      ]),
      'digits only': text.replaceAll(/(?<=\d)[\s()+./-]+(?=\d)/g, ''),
      base64: decodedRuns(text, /[\w+/-]{11,}/g, (run) =>
        [0, 1, 2, 3].map((offset) => Buffer.from(run.slice(offset), 'base64').toString()),
      ),
      hexadecimal: decodedRuns(text, /[0-9a-f]{16,}/gi, (run) =>
        [0, 1].map((offset) => Buffer.from(run.slice(offset), 'hex').toString()),
      ),
    }).map(([disguise, found]) => [disguise, normal(found)]),
  );
