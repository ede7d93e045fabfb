import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { CustomerDraft } from '#lib/contract/customer-draft.ts';
import type { CustomerType } from '#lib/domain/customers/customer-details.ts';
import {
  type Customer,
  type CustomerFields,
  newCustomer,
  type Rules,
  stateOf,
} from '#lib/domain/customers/customer.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { grantOfDeleted } from '#lib/domain/refusals.ts';
import { matterOf, type Statement, type Suppressions } from '#lib/domain/rights/consents.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { type ConsentFinding, consentsIn } from './consent-columns.ts';
import type { Row } from './import-file.ts';

/** A line that is not imported, and why: names of fields and rules, never a value. */
export type RefusedLine = Readonly<{
  line: number;
  findings: readonly Readonly<{
    field: string;
    rule: string;
    /** The earlier line of the file that has the same email or phone. */
    line?: number;
    /** The id of the customer that already has it. */
    existing?: string;
    /** The values that the field may have. */
    allowed?: readonly string[];
    /** How many characters or entries the value has, and the most that it may have. */
    length?: number;
    limit?: number;
    /** What to do about it. */
    says?: string;
  }>[];
}>;

/** A line that can be imported, with the customer made from it and what it says about consents. */
export type AcceptedLine = Readonly<{
  line: number;
  customer: Customer;
  fields: CustomerFields;
  statements: readonly Statement[];
  /** The refusals that are kept for its addresses before it is imported. */
  suppressions: Suppressions;
  /** The same after the whole batch was imported. */
  keptAtEnd: Suppressions;
}>;

/** What a line is checked by. */
export type Check = Readonly<{
  rules: Rules;
  /** SHA-256 of the file. */
  digest: string;
  businessId: string;
  /** The customer type of a line that gives none. */
  type: CustomerType | undefined;
}>;

const ID_DIGITS = 24;

/** The id of the customer made from a line: the same line of the same file always gives the same id in a business. */
export const idOf = (line: number, { businessId, digest }: Pick<Check, 'businessId' | 'digest'>): string =>
  createHash('sha256')
    .update(`${businessId}|${digest}|${String(line)}`)
    .digest('hex')
    .slice(0, ID_DIGITS);

/** Checks a line as the API checks the body of a create: first its shape, then the rules. */
export const checkLine = (
  { line, draft, rule = 'malformed' }: Row,
  check: Check,
): AcceptedLine | RefusedLine => {
  if (draft === null) return { line, findings: [{ field: '#', rule }] };
  const { rules, type } = check;
  // The id that a customer had in another place has no meaning here.
  const { statements, findings, rest } = consentsIn(draft, rules.at);
  const { _id, ...given } = rest;
  const body = { ...(type !== undefined && { customerType: type }), ...given };
  // With its input, a finding can give the length that was measured: without what cleaning removes.
  const parsed = CustomerDraft.safeParse(body, { reportInput: true });
  if (!parsed.success || findings.length > 0)
    return { line, findings: [...(parsed.error?.issues.map(findingOf) ?? []), ...findings] };
  const { firstName, lastName, phone, email, note, customerType, state, stateHistory } = parsed.data;
  const fields = { firstName, lastName, phone, email, note, customerType, state, stateHistory };
  try {
    const customer = newCustomer(idOf(line, check), fields, rules);
    const grants = isLive(stateOf(customer)) ? [] : statements.filter(({ granted }) => granted);
    if (grants.length > 0) return { line, findings: grants.map(ofDeleted) };
    return { line, customer, fields, statements, suppressions: new Map(), keptAtEnd: new Map() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { line, findings: findingsOf(error) };
  }
};

const ofDeleted = (grant: Statement): ConsentFinding => {
  const { code, message } = grantOfDeleted();
  return { field: `consent:${matterOf(grant)}`, rule: code, says: message };
};

const lengthOf = (value: unknown): number | undefined =>
  typeof value === 'string' || Array.isArray(value) ? value.length : undefined;

const findingOf = (issue: z.core.$ZodIssue): RefusedLine['findings'][number] => {
  const { path, code } = issue;
  const finding = {
    field: path.length === 0 ? '#' : path.map(String).join('/'),
    rule: code.replaceAll('_', '-'),
  };
  if (code === 'invalid_value') return { ...finding, allowed: issue.values.map(String) };
  if (code !== 'too_big') return finding;
  const length = lengthOf(issue.input);
  return { ...finding, ...(length !== undefined && { length }), limit: Number(issue.maximum) };
};

/** The rules that a refusal names, and the customer that already has the value. */
export const findingsOf = ({ code, details }: Refusal): RefusedLine['findings'] => {
  const { violations = [{ pointer: '#', error: code }], existing } = details;
  return violations.map(({ pointer, error }) => ({
    field: pointer.replace(/^#\/?(?=.)/, ''),
    rule: error,
    ...(existing !== undefined && { existing: existing._id }),
  }));
};
