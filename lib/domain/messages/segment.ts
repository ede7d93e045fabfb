import type { CustomerType } from '#lib/domain/customers/customer-details.ts';
import type { WrittenState } from '#lib/domain/customers/customer-state.ts';
import { bodyViolation, type Violation } from '#lib/domain/errors.ts';
import { invalidFields } from '#lib/domain/refusals.ts';
import type { Matter } from '#lib/domain/rights/consents.ts';

/** How many segments a business may have. */
export const MOST_SEGMENTS = 100;

/** A point in time: a moment, or so many days of 24 hours before the segment is asked for. */
export type SegmentMoment = Date | Readonly<{ daysAgo: number }>;

/** The states that a segment may name. Nobody writes to who is deleted. */
export type SegmentState = Exclude<WrittenState, 'deleted'>;
export const SEGMENT_STATES = [
  'active',
  'suspended',
  'archived',
  'inactive',
] as const satisfies SegmentState[];

/** The conditions about times: `…After` begins with its moment, `…Before` ends before it. */
export const MOMENT_CONDITIONS = [
  'createdAfter',
  'createdBefore',
  'lastVisitAfter',
  'lastVisitBefore',
  'firstVisitAfter',
  'firstVisitBefore',
] as const;
export type MomentCondition = (typeof MOMENT_CONDITIONS)[number];

/** Which customers belong to a segment: who meets all conditions. A segment is not about any of them by name. */
export type SegmentDefinition = Readonly<
  Partial<Record<MomentCondition, SegmentMoment | undefined>> & {
    /** Active ones if absent. */
    states?: readonly SegmentState[] | undefined;
    customerTypes?: readonly CustomerType[] | undefined;
    visitsAtLeast?: number | undefined;
    visitsAtMost?: number | undefined;
    neverVisited?: true | undefined;
    /** Who granted it, and has an address that no refusal outweighs. */
    consent?: Matter | undefined;
  }
>;

/** A segment of a business. */
export type Segment = Readonly<{
  id: string;
  name: string;
  definition: SegmentDefinition;
  createdAt: Date;
  updatedAt: Date;
}>;

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The moment that is meant, when it is asked for now. */
export const resolvedMoment = (moment: SegmentMoment, now: Date): Date =>
  moment instanceof Date ? moment : new Date(now.getTime() - moment.daysAgo * DAY_MS);

/** Whether nothing can be after the one and before the other, now or later. */
const excludes = (after: SegmentMoment, before: SegmentMoment, now: Date): boolean => {
  if (before instanceof Date) return resolvedMoment(after, now) >= before;
  // A moment that stays lies before one that moves on, sooner or later.
  return !(after instanceof Date) && after.daysAgo <= before.daysAgo;
};

/** The pairs of which the first must lie before the second. Nobody’s first visit is later than the last. */
const PAIRS = [
  ['createdAfter', 'createdBefore'],
  ['lastVisitAfter', 'lastVisitBefore'],
  ['firstVisitAfter', 'firstVisitBefore'],
  ['firstVisitAfter', 'lastVisitBefore'],
] as const satisfies [MomentCondition, MomentCondition][];

const VISIT_MOMENTS = MOMENT_CONDITIONS.filter((name) => name.includes('Visit'));

/** A condition that contradicts another one, with the reason. */
type Contradiction = Readonly<{ name: string; message: string }>;

const contradictions = (definition: SegmentDefinition, now: Date): Contradiction[] => {
  const { visitsAtLeast = 0, visitsAtMost = Infinity, neverVisited } = definition;
  const found: Contradiction[] = [];
  for (const [after, before] of PAIRS) {
    const [from, until] = [definition[after], definition[before]];
    if (from !== undefined && until !== undefined && excludes(from, until, now))
      found.push({ name: before, message: `This must be later than \`${after}\`.` });
  }
  if (visitsAtLeast > visitsAtMost)
    found.push({ name: 'visitsAtMost', message: 'This must not be less than `visitsAtLeast`.' });
  if (neverVisited !== true && visitsAtMost !== 0) return found;
  const none = neverVisited === true ? 'neverVisited' : 'visitsAtMost';
  const message = `This asks for a visit, and \`${none}\` for none.`;
  if (neverVisited === true && visitsAtLeast > 0) found.push({ name: 'visitsAtLeast', message });
  for (const name of VISIT_MOMENTS) if (definition[name] !== undefined) found.push({ name, message });
  return found;
};

/**
 * Refuses a definition that says nothing, and one that no customer can ever meet.
 * @param at where it is in the body: a JSON pointer
 * @throws Refusal `invalid-request` naming each place
 */
export const requireSense = (definition: SegmentDefinition, at: string, now: Date): void => {
  const isEmpty = Object.values(definition).every((condition) => condition === undefined);
  const violations: Violation[] = isEmpty
    ? [bodyViolation(at, 'no-condition', 'This must have at least one condition.')]
    : contradictions(definition, now).map(({ name, message }) =>
        bodyViolation(`${at}/${name}`, 'contradiction', message),
      );
  if (violations.length > 0) throw invalidFields(violations);
};

/** A definition as one text, the same for the same conditions. */
export const definitionText = (definition: SegmentDefinition): string =>
  JSON.stringify(
    Object.entries(definition)
      .filter(([, condition]) => condition !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

/** Whether two definitions have the same conditions. */
export const isSameDefinition = (one: SegmentDefinition, other: SegmentDefinition): boolean =>
  definitionText(one) === definitionText(other);
