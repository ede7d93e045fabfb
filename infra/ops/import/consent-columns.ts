import { Moment } from '#lib/contract/customer-draft.ts';
import { MOST_STATEMENTS } from '#lib/contract/consents-dto.ts';
import { CHANNELS, type Matter, matterOf, type Statement } from '#lib/domain/rights/consents.ts';
import { timeTrouble } from '#lib/domain/rights/recorded-consents.ts';
import { UsageError } from '../command.ts';

/** A column with what people said about one purpose and channel, or with the date of it: `consent:marketing:email:at`. */
export type ConsentField = `consent:${string}`;

const PREFIX = 'consent:';
const DATE_ENDING = ':at';
const NAME = new RegExp(`^consent:([a-z][a-z0-9-]{1,39}):(${CHANNELS.join('|')})(${DATE_ENDING})?$`);

const isConsentName = (name: string): name is ConsentField => NAME.test(name);

/** How the columns of consents are named, for messages. */
export const CONSENT_FIELDS = `${PREFIX}<purpose>:<channel> and ${PREFIX}<purpose>:<channel>${DATE_ENDING}`;

/** The field that a name stands for; null when it does not begin with `consent:`, undefined when it is not right after that. */
export const consentField = (name: string): ConsentField | null | undefined => {
  const plain = name.trim().toLowerCase();
  if (!plain.startsWith(PREFIX)) return null;
  return isConsentName(plain) ? plain : undefined;
};

/** @throws UsageError for a column whose name begins as one of consents and names no purpose and channel */
export const requireConsentField = (name: string, position: number): ConsentField | null => {
  const field = consentField(name);
  if (field !== undefined) return field;
  throw new UsageError(
    `The name of column #${String(position)} begins with "${PREFIX}", but names no purpose and channel. Name it ` +
      `${CONSENT_FIELDS}, with one of the channels ${CHANNELS.join(', ')}; or skip it with --map "#${String(position)}=-".`,
  );
};

// prettier-ignore
const YES: ReadonlySet<string> = new Set([
  'yes', 'y', 'true', '1', 'granted', 'tak', 't', 'ja', 'j', 'так', 'да',
]);
// prettier-ignore
const NO: ReadonlySet<string> = new Set([
  'no', 'n', 'false', '0', 'refused', 'nie', 'nein', 'nej', 'ні', 'нет',
]);

/** What is wrong with a consent in a line. */
export type ConsentFinding = Readonly<{ field: string; rule: string; says: string }>;

const CHOICE = 'Write yes or no, or leave it empty when the person was not asked.';
const DATE = 'Write it as 2024-05-31 or 2024-05-31T14:30:00Z.';

const saidIn = (value: unknown): boolean | null => {
  const word = String(value).trim().toLowerCase();
  if (YES.has(word)) return true;
  return NO.has(word) ? false : null;
};

const DAY_MS = 24 * 60 * 60_000;

/**
 * The moment that a date stands for. Without a time of day, it is the first moment of that day in UTC for a grant, and the last
 * one for a refusal: of both on one day, the refusal decides.
 */
const momentIn = (value: unknown, granted: boolean, now: Date): Date | null => {
  const text = String(value).trim();
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return Moment.safeParse(text).data ?? null;
  const start = Moment.safeParse(`${text}T00:00:00.000Z`).data;
  if (start === undefined || granted || start > now) return start ?? null;
  return new Date(Math.min(start.getTime() + DAY_MS - 1, now.getTime()));
};

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

type Found = Statement | ConsentFinding;
type Said = Readonly<{ value: unknown; date: unknown; now: Date }>;

const statementIn = (matter: Matter, { value, date, now }: Said): Found | null => {
  const field = `${PREFIX}${matterOf(matter)}`;
  const dateField = `${field}${DATE_ENDING}`;
  if (isEmpty(value))
    return isEmpty(date) ? null : { field, rule: 'answer-missing', says: `There is only a date. ${CHOICE}` };
  const granted = saidIn(value);
  if (granted === null) return { field, rule: 'yes-or-no', says: CHOICE };
  if (isEmpty(date))
    return { field, rule: 'date-missing', says: `Say in ${dateField} when the person said it. ${DATE}` };
  const givenAt = momentIn(date, granted, now);
  if (givenAt === null) return { field: dateField, rule: 'date-format', says: `This is no date. ${DATE}` };
  const trouble = timeTrouble(givenAt, now);
  if (trouble !== null) return { field: dateField, rule: trouble.error, says: trouble.message };
  const about = { source: 'import', lawfulBasis: 'consent', textVersion: null, proofRef: null } as const;
  return { ...matter, granted, ...about, givenAt };
};

/** What a line says about consents, what is wrong with it, and everything else of the line. */
export type ConsentsOfLine = Readonly<{
  statements: readonly Statement[];
  findings: readonly ConsentFinding[];
  rest: Readonly<Record<string, unknown>>;
}>;

const mattersAmong = (names: readonly string[]): readonly Matter[] => {
  const matters = new Map<string, Matter>();
  for (const name of names) {
    const [, purpose, named] = NAME.exec(name) ?? [];
    const channel = CHANNELS.find((one) => one === named);
    if (purpose === undefined || channel === undefined) continue;
    matters.set(`${purpose}:${channel}`, { purpose, channel });
  }
  return [...matters.values()];
};

/** Reads the consents of a line. @param now by the clock of this machine */
export const consentsIn = (draft: Readonly<Record<string, unknown>>, now: Date): ConsentsOfLine => {
  const entries = Object.entries(draft);
  const names = entries.map(([name]) => name).filter((name) => name.startsWith(PREFIX));
  const rest = Object.fromEntries(entries.filter(([name]) => !name.startsWith(PREFIX)));
  const found = mattersAmong(names).flatMap((matter): readonly Found[] => {
    const field = `${PREFIX}${matterOf(matter)}`;
    const one = statementIn(matter, { value: draft[field], date: draft[`${field}${DATE_ENDING}`], now });
    return one === null ? [] : [one];
  });
  const statements = found.filter((one) => 'granted' in one);
  const unknown = names.filter((name) => !NAME.test(name)).map((): ConsentFinding => UNKNOWN_NAME);
  const findings = [...unknown.slice(0, 1), ...found.filter((one) => 'rule' in one)];
  return statements.length > MOST_STATEMENTS
    ? { statements: [], findings: [...findings, TOO_MANY], rest }
    : { statements, findings, rest };
};

const UNKNOWN_NAME: ConsentFinding = {
  field: PREFIX,
  rule: 'unknown-field',
  says: `Name it ${CONSENT_FIELDS}, with one of the channels ${CHANNELS.join(', ')}.`,
};

const TOO_MANY: ConsentFinding = {
  field: PREFIX,
  rule: 'too-big',
  says: `A line may have at most ${String(MOST_STATEMENTS)} consents.`,
};

/** Whether a line says anything about consents. */
export const namesConsents = (draft: Readonly<Record<string, unknown>> | null): boolean =>
  draft !== null && Object.keys(draft).some((name) => name.startsWith(PREFIX));
