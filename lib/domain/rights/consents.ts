import type { Role } from '#lib/domain/access/scope.ts';

/** By which channel a customer can be reached. */
export const CHANNELS = ['email', 'sms', 'push', 'phone', 'post'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The lawful bases of GDPR, Art. 6. */
export const LAWFUL_BASES = [
  'consent',
  'contract',
  'legitimate-interests',
  'legal-obligation',
  'vital-interests',
  'public-task',
] as const;
export type LawfulBasis = (typeof LAWFUL_BASES)[number];

/** Purposes that every business is likely to use. A business may use others too. */
export const KNOWN_PURPOSES = ['order-updates', 'reminders', 'marketing', 'feedback', 'profiling'] as const;

/** What a consent is about: one purpose, by one channel. */
export type Matter = Readonly<{ purpose: string; channel: Channel }>;

/** What a person said: a grant or a refusal. */
export type Statement = Matter &
  Readonly<{
    granted: boolean;
    /** Where the person said it, for example `desk`. */
    source: string;
    lawfulBasis: LawfulBasis;
    /** Which text the person was shown. */
    textVersion: string | null;
    /** Where the proof is kept, never the proof. */
    proofRef: string | null;
    /** When the person said it. */
    givenAt: Date;
  }>;

/** A statement as it is kept. Entries are only added. */
export type Consent = Statement &
  Readonly<{
    id: string;
    recordedAt: Date;
    /** The role of who recorded it. */
    role: Role;
    /** The merged customer that it was copied from. */
    copiedFrom: string | null;
    /** The id of the copied grant that this entry takes back, because the merge was undone. */
    takesBack: string | null;
  }>;

/** A matter as one text: `marketing:email`. */
export const matterOf = ({ purpose, channel }: Matter): string => `${purpose}:${channel}`;

const isChannel = (text: string): text is Channel => CHANNELS.some((channel) => channel === text);

/** The matters that these texts name. A text that names none is left out. */
export const mattersIn = (texts: readonly string[]): readonly Matter[] =>
  texts.flatMap((text) => {
    const [purpose = '', channel = ''] = text.split(':');
    return isChannel(channel) ? [{ purpose, channel }] : [];
  });

const CONTRACT_PURPOSES: ReadonlySet<string> = new Set(['order-updates', 'reminders']);

/**
 * Whether customers may only be reached for this purpose if they granted it. The other purposes rest on the contract: for
 * them a refusal counts and silence does not.
 */
export const needsGrant = (purpose: string): boolean => !CONTRACT_PURPOSES.has(purpose);

/** Whether there is proof of a statement. Only a grant by consent needs one: the text that was shown, or where the proof is. */
export const isProven = ({ granted, lawfulBasis, textVersion, proofRef }: Statement): boolean =>
  !granted || lawfulBasis !== 'consent' || textVersion !== null || proofRef !== null;

/**
 * Orders entries by which one decides, the deciding one first: the newest statement, of two at the same time the refusal, of
 * two alike the later recorded one.
 */
export const byWeight = (one: Consent, other: Consent): number =>
  other.givenAt.getTime() - one.givenAt.getTime() ||
  Number(one.granted) - Number(other.granted) ||
  other.recordedAt.getTime() - one.recordedAt.getTime() ||
  (other.id > one.id ? 1 : -1);

/** The entries that count: neither taken back nor taking one back. */
export const counting = (consents: readonly Consent[]): readonly Consent[] => {
  const takenBack = new Set(consents.map(({ takesBack }) => takesBack));
  return consents.filter(({ id, takesBack }) => takesBack === null && !takenBack.has(id));
};

/** The entry in effect for each matter, the newest first. */
export const inEffect = (consents: readonly Consent[]): readonly Consent[] => {
  const deciding = new Map<string, Consent>();
  for (const consent of [...counting(consents)].sort(byWeight))
    if (!deciding.has(matterOf(consent))) deciding.set(matterOf(consent), consent);
  return [...deciding.values()];
};

const REACHED_BY: Readonly<Record<Channel, 'email' | 'phone' | null>> = {
  email: 'email',
  sms: 'phone',
  phone: 'phone',
  push: null,
  post: null,
};

/** The field of a customer that holds the address for a channel; null for a channel whose addresses are kept elsewhere. */
export const addressField = (channel: Channel): 'email' | 'phone' | null => REACHED_BY[channel];

/** Contact data of a customer. */
export type Addresses = Readonly<{ email: string | null; phone: string | null }>;

/** The latest refusal of each matter that is kept for the present addresses, by `matterOf`. */
export type Suppressions = ReadonlyMap<string, Date>;

/** Whether a grant is outweighed by a refusal that is kept for the present address: it is not newer than the refusal. */
export const isSuppressed = (statement: Statement, suppressions: Suppressions): boolean => {
  const refusedAt = suppressions.get(matterOf(statement));
  return statement.granted && refusedAt !== undefined && statement.givenAt <= refusedAt;
};

/** What is in effect, in short: the matters that are granted, that are refused, and by which the customer may be reached. */
export type Standing = Readonly<{
  granted: readonly string[];
  refused: readonly string[];
  /** Of the granted ones, those with an address that no refusal outweighs. */
  mayReach: readonly string[];
}>;

/** What is in effect for a customer with these addresses. The lists are sorted. */
export const standingOf = (
  current: readonly Consent[],
  addresses: Addresses,
  suppressions: Suppressions,
): Standing => {
  const hasAddress = ({ channel }: Matter): boolean => {
    const field = addressField(channel);
    return field === null || addresses[field] !== null;
  };
  const granted = current.filter((consent) => consent.granted);
  const reached = granted.filter((consent) => hasAddress(consent) && !isSuppressed(consent, suppressions));
  return {
    granted: granted.map(matterOf).sort(),
    refused: current
      .filter((consent) => !consent.granted)
      .map(matterOf)
      .sort(),
    mayReach: reached.map(matterOf).sort(),
  };
};
