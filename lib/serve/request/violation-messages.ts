import type * as z from 'zod';
import type { Violation } from '#lib/domain/errors.ts';

type Issue = z.core.$ZodRawIssue;
type SizeIssue = z.core.$ZodRawIssue<z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall>;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  date: 'a date',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};

const FORMAT_NAMES: Readonly<Record<string, string>> = {
  date: 'a date such as 2026-01-31',
  datetime: 'a date and time with an offset, such as 2026-01-31T23:59:59.999Z',
};

/** Where neither the schema nor this file has better words. */
const AS_DOCUMENTED = 'have the documented form';

const valueRule = (values: readonly unknown[]): string =>
  values.length === 1 ? `be ${String(values[0])}` : `be one of ${values.map(String).join(', ')}`;

const boundOf = (issue: SizeIssue): string => {
  if (issue.exact === true) return 'exactly';
  if (issue.code === 'too_big') return issue.inclusive === false ? 'less than' : 'at most';
  return issue.inclusive === false ? 'more than' : 'at least';
};

const unitOf = (origin: string, size: unknown): string | null => {
  if (origin === 'string') return size === 1 ? 'character' : 'characters';
  if (origin === 'array') return size === 1 ? 'entry' : 'entries';
  return null;
};

const sizeRule = (issue: SizeIssue): string => {
  const size = Number(issue.code === 'too_big' ? issue.maximum : issue.minimum);
  const bound = `${boundOf(issue)} ${String(size)}`;
  const unit = unitOf(issue.origin, size);
  return unit === null ? `be ${bound}` : `have ${bound} ${unit}`;
};

const ruleOf = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] === undefined ? AS_DOCUMENTED : `be ${TYPE_NAMES[issue.expected]}`;
    case 'invalid_value':
      return valueRule(issue.values);
    case 'invalid_format':
      return FORMAT_NAMES[issue.format] === undefined ? AS_DOCUMENTED : `be ${FORMAT_NAMES[issue.format]}`;
    case 'too_big':
    case 'too_small':
      return sizeRule(issue);
    case 'not_multiple_of':
      return `be a multiple of ${String(issue.divisor)}`;
    default:
      return AS_DOCUMENTED;
  }
};

/** How long a text or list that exceeds its limit is, as it was measured: without what cleaning removes. */
const lengthRemark = ({ code, input }: Issue): string =>
  code === 'too_big' && (typeof input === 'string' || Array.isArray(input))
    ? ` It has ${String(input.length)}.`
    : '';

/**
 * What is allowed where a schema found an issue, as a full sentence without the value that was sent. It replaces zod's
 * own sentences, so clients never see those. A message in the schema itself takes precedence.
 */
export const messageOf = (issue: Issue): string => {
  const rule = ruleOf(issue);
  // Parameters always arrive as an object, so only a body can be wrong as a whole.
  const subject = (issue.path ?? []).length === 0 ? 'The body' : 'This';
  return issue.input === undefined
    ? `${subject} is missing. It must ${rule}.`
    : `${subject} must ${rule}.${lengthRemark(issue)}`;
};

/** The pointer to a part as a whole. */
const WHOLE = '#';
/** How many places the detail names. The list of errors names more of them. */
const MOST_NAMED = 5;

/**
 * The detail of a refusal with these violations: which places are wrong. It repeats no violation, because the panel shows the
 * detail and then each violation.
 */
export const detailOf = (violations: readonly Violation[]): string => {
  const inPlaces = violations.filter(({ pointer }) => pointer !== WHOLE);
  if (inPlaces.length === 0) return 'This request is not valid.';
  const names = [...new Set(inPlaces.map(({ pointer }) => pointer.slice('#/'.length)))];
  const more = names.length > MOST_NAMED ? ` and ${String(names.length - MOST_NAMED)} more` : '';
  return `Some ${nounsOf(inPlaces)} are not valid: ${names.slice(0, MOST_NAMED).join(', ')}${more}.`;
};

const NOUNS = { body: 'fields', query: 'parameters', path: 'parameters', header: 'headers' } as const;

const nounsOf = (violations: readonly Violation[]): string =>
  [...new Set(violations.map(({ in: part }) => NOUNS[part]))].sort().join(' and ');
