import { bodyViolation, Refusal, type Violation } from '#lib/domain/errors.ts';
import { invalidFields } from '#lib/domain/refusals.ts';
import {
  byWeight,
  type Consent,
  counting,
  inEffect,
  isSuppressed,
  type Matter,
  matterOf,
  type Statement,
  type Suppressions,
} from './consents.ts';

/** A statement that was sent. Without a time, the person says it now. */
export type SentStatement = Omit<Statement, 'givenAt'> & Readonly<{ givenAt: Date | null }>;

const EARLIEST = new Date('1990-01-01T00:00:00.000Z');
const MOST_AHEAD_MS = 5 * 60_000;

/** What is wrong with the time at which a person is said to have spoken; null when nothing is. */
export const timeTrouble = (
  givenAt: Date,
  now: Date,
): Readonly<{ error: string; message: string }> | null => {
  if (givenAt < EARLIEST) return { error: 'too-early', message: 'This must not be before 1990.' };
  return givenAt.getTime() > now.getTime() + MOST_AHEAD_MS
    ? { error: 'in-the-future', message: 'This must not be more than 5 minutes ahead.' }
    : null;
};

/**
 * @param now by the database's clock
 * @throws Refusal `invalid-request` for a time before 1990 or more than 5 minutes ahead
 */
export const requireCredibleTimes = (sent: readonly SentStatement[], now: Date): void => {
  const violations = sent.flatMap(({ givenAt }, index): Violation[] => {
    const trouble = givenAt === null ? null : timeTrouble(givenAt, now);
    if (trouble === null) return [];
    return [bodyViolation(`#/consents/${String(index)}/givenAt`, trouble.error, trouble.message)];
  });
  if (violations.length > 0) throw invalidFields(violations);
};

const saysTheSame = (one: SentStatement, other: Statement): boolean =>
  matterOf(one) === matterOf(other) &&
  one.granted === other.granted &&
  one.source === other.source &&
  one.lawfulBasis === other.lawfulBasis &&
  one.textVersion === other.textVersion &&
  one.proofRef === other.proofRef;

/**
 * The statements that add something to a history. One that was kept with the same time, and not taken back, adds nothing. One without a time adds
 * nothing if it repeats what is in effect, unless that is a grant which a refusal for the present address outweighs.
 * @param now by the database's clock
 */
export const newStatements = (
  sent: readonly SentStatement[],
  {
    consents,
    suppressions,
    now,
  }: Readonly<{ consents: readonly Consent[]; suppressions: Suppressions; now: Date }>,
): readonly Statement[] => {
  const current = inEffect(consents).filter((consent) => !isSuppressed(consent, suppressions));
  const added: Statement[] = [];
  for (const statement of sent) {
    const { givenAt } = statement;
    const kept: readonly Statement[] =
      givenAt === null ? current : counting(consents).filter((consent) => +consent.givenAt === +givenAt);
    const at = givenAt ?? now;
    const isKept =
      kept.some((one) => saysTheSame(statement, one)) ||
      added.some((one) => +one.givenAt === +at && saysTheSame(statement, one));
    if (!isKept) added.push({ ...statement, givenAt: at });
  }
  return added;
};

/**
 * Refuses grants for an address whose refusal is kept, unless they are newer. A grant that the customer's own history
 * outweighs is allowed, because it changes nothing.
 * @throws Refusal `suppressed`
 */
export const refuseSuppressed = (
  added: readonly Statement[],
  { consents, suppressions }: Readonly<{ consents: readonly Consent[]; suppressions: Suppressions }>,
): void => {
  const refusals = [...consents.filter(({ takesBack }) => takesBack === null), ...added].filter(
    ({ granted }) => !granted,
  );
  const isOutweighedHere = (grant: Statement): boolean =>
    refusals.some((one) => matterOf(one) === matterOf(grant) && one.givenAt >= grant.givenAt);
  const refused = added.filter((one) => isSuppressed(one, suppressions) && !isOutweighedHere(one));
  if (refused.length === 0) return;
  const matters = [...new Set(refused.map(matterOf))].join(', ');
  throw new Refusal(
    'suppressed',
    `This address has refused ${matters}, and the grant is not newer. Ask the person again, and send when they agreed.`,
  );
};

/** Whether any statement is a grant. */
export const hasGrant = (statements: readonly Pick<Statement, 'granted'>[]): boolean =>
  statements.some(({ granted }) => granted);

/** What is in effect, after new entries were added, for each matter that they are about. */
export const inEffectFor = (
  added: readonly Consent[],
  consents: readonly Consent[],
): readonly (Matter & Readonly<{ granted: boolean }>)[] => {
  const spokenOf = new Set(added.map(matterOf));
  return inEffect([...consents, ...added])
    .filter((consent) => spokenOf.has(matterOf(consent)))
    .map(({ purpose, channel, granted }) => ({ purpose, channel, granted }));
};

/** The name of each matter of these entries, as a history entry has it. */
export const fieldsOf = (added: readonly Consent[]): readonly string[] =>
  [...new Set(added.map((entry) => `consent:${matterOf(entry)}`))].sort();

/**
 * What a merge copies from the loser: each refusal in effect that the survivor does not hold already, and each grant in
 * effect for which the survivor has no statement.
 */
export const copiedByMerge = (
  survivor: readonly Consent[],
  loser: readonly Consent[],
): readonly Consent[] => {
  const own = new Set(inEffect(survivor).map(matterOf));
  const holds = (refusal: Consent): boolean =>
    survivor.some((one) => +one.givenAt === +refusal.givenAt && saysTheSame(refusal, one));
  return inEffect(loser).filter((consent) =>
    consent.granted ? !own.has(matterOf(consent)) : !holds(consent),
  );
};

/** The copied grants that undoing a merge takes back: those of this loser that nothing has taken back. */
export const takenBackByUnmerge = (survivor: readonly Consent[], loserId: string): readonly Consent[] => {
  const takenBack = new Set(survivor.map(({ takesBack }) => takesBack));
  return survivor
    .filter(
      ({ id, granted, copiedFrom, takesBack }) =>
        granted && takesBack === null && copiedFrom === loserId && !takenBack.has(id),
    )
    .sort(byWeight);
};
