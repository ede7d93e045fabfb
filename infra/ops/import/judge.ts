import { createHash } from 'node:crypto';
import { CustomerDraft } from '#lib/contract/customer-draft.ts';
import {
  type Customer,
  type CustomerFields,
  type CustomerType,
  newCustomer,
  type Rules,
  stateOf,
} from '#lib/domain/customer.ts';
import { isLive } from '#lib/domain/customer-state.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { foldEmail, foldPhone } from '#lib/domain/folding.ts';
import { uniquenessHeld } from '#lib/domain/settings.ts';
import type { Row } from './source.ts';

/** What is wrong with a line: names of fields and rules, never a value. */
export type Bad = Readonly<{
  line: number;
  findings: readonly Readonly<{ field: string; rule: string; line?: number; existing?: string }>[];
}>;

/** A line that makes a customer. */
export type Good = Readonly<{ line: number; customer: Customer; fields: CustomerFields }>;

export type Judging = Readonly<{
  rules: Rules;
  digest: string;
  businessId: string;
  type: CustomerType | undefined;
}>;

const ID_DIGITS = 24;

/** The same line of the same file makes the same customer of a business, however often it is imported. */
export const idOf = (line: number, { businessId, digest }: Pick<Judging, 'businessId' | 'digest'>): string =>
  createHash('sha256')
    .update(`${businessId}|${digest}|${String(line)}`)
    .digest('hex')
    .slice(0, ID_DIGITS);

/** Judges a line as the API would judge a create: its shape, then the rules. */
export const judge = ({ line, draft }: Row, judging: Judging): Good | Bad => {
  if (draft === null) return { line, findings: [{ field: '#', rule: 'malformed' }] };
  const { rules, type } = judging;
  // Whose customer it was elsewhere says nothing here.
  const { _id, ...given } = draft;
  const parsed = CustomerDraft.safeParse({ ...(type !== undefined && { customerType: type }), ...given });
  if (!parsed.success) {
    const findings = parsed.error.issues.map(({ path, code }) => ({
      field: path.length === 0 ? '#' : path.map(String).join('/'),
      rule: code.replaceAll('_', '-'),
    }));
    return { line, findings };
  }
  const { firstName, lastName, phone, email, note, customerType, state, stateHistory } = parsed.data;
  const fields = { firstName, lastName, phone, email, note, customerType, state, stateHistory };
  try {
    return { line, customer: newCustomer(idOf(line, judging), fields, rules), fields };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { line, findings: findingsOf(error) };
  }
};

/** What a rule refused, and who has it already. */
export const findingsOf = ({ code, details }: Refusal): Bad['findings'] => {
  const { violations = [{ pointer: '#', error: code }], existing } = details;
  return violations.map(({ pointer, error }) => ({
    field: pointer.replace(/^#\/?(?=.)/, ''),
    rule: error,
    ...(existing !== undefined && { existing: existing._id }),
  }));
};

const HASH_LENGTH = 11;
const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('base64').slice(0, HASH_LENGTH);

/** The emails and phones of earlier lines, each as a short hash with the line that has it. */
export class EarlierLines {
  readonly #lines = new Map<string, number>();
  readonly #before: ReadonlyMap<string, number>;

  constructor(before: ReadonlyMap<string, number> = new Map()) {
    this.#before = before;
  }

  /** Remembers these lines a while longer, and forgets what was there before them. */
  next(): EarlierLines {
    return new EarlierLines(this.#lines);
  }

  /** What of a line an earlier one has already; nothing, and then it is remembered. */
  takenBy({ line, customer }: Good, { settings }: Rules): Bad['findings'] {
    if (!isLive(stateOf(customer))) return [];
    const { email, phone } = customer;
    const claims = [
      ...(email !== null && uniquenessHeld(settings.uniqueEmail)
        ? [{ field: 'email', hash: shortHash(`e${foldEmail(email)}`) }]
        : []),
      ...(phone !== null && uniquenessHeld(settings.uniquePhone)
        ? [{ field: 'phone', hash: shortHash(`p${foldPhone(phone)}`) }]
        : []),
    ];
    const findings = claims.flatMap(({ field, hash }) => {
      const earlier = this.#lines.get(hash) ?? this.#before.get(hash);
      return earlier === undefined ? [] : [{ field, rule: `duplicate-${field}`, line: earlier }];
    });
    if (findings.length === 0) for (const { hash } of claims) this.#lines.set(hash, line);
    return findings;
  }
}
