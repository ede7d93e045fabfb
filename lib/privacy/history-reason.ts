import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { BusinessKeys } from './business-keys.ts';
import { CannotOpen, openText, sealText } from './field-cipher.ts';

/** How an entry of a history is stored. Form 1, of an earlier version, commits to no reason. */
export type EntryForm = 1 | 2;

/** The reason of an entry as it is stored: a sealed text with its salt, and the commitment to both. */
export type StoredReason = Readonly<{
  id: string;
  form: EntryForm;
  reason: Uint8Array | null;
  reasonCommitment: Uint8Array | null;
}>;

/** The reason of an entry: `blanked` when the text was erased, null when there never was one. */
export type OpenedReason = Readonly<{ text: string | null; isBlanked: boolean }>;

type NewReason = Readonly<{ reason: Buffer; reasonCommitment: Buffer }>;

/**
 * The salt is sealed together with the text. So a copy of the database does not help to guess a reason from its
 * commitment, and erasing the sealed text erases the salt too.
 */
const SALT_BYTES = 16;
const SALT_CHARACTERS = 22;

/** Not made with a master key, so a rotation leaves it as it is, also where the text was erased. */
const commitmentTo = (id: string, salt: string, text: string): Buffer =>
  createHmac('sha256', Buffer.from(salt, 'base64url')).update(`${id}\n${text}`).digest();

const placeOf = (id: string) => ({ collection: 'customer_audit', id });

/** Seals the reason of an entry with a new salt, and commits to it. */
export const sealReason = (keys: BusinessKeys, id: string, text: string): NewReason => {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  return {
    reason: sealText(keys, placeOf(id), `${salt}${text}`),
    reasonCommitment: commitmentTo(id, salt, text),
  };
};

type Opened = OpenedReason & Readonly<{ salt: string }>;

const opened = (keys: BusinessKeys, stored: StoredReason): Opened => {
  const { id, form, reason, reasonCommitment } = stored;
  if (form === 1) {
    if (reasonCommitment !== null) throw new CannotOpen();
    const text = reason === null ? null : openText(keys, placeOf(id), reason);
    return { salt: '', text, isBlanked: false };
  }
  if (reason === null) return { salt: '', text: null, isBlanked: reasonCommitment !== null };
  const both = openText(keys, placeOf(id), reason);
  const [salt, text] = [both.slice(0, SALT_CHARACTERS), both.slice(SALT_CHARACTERS)];
  const expected = commitmentTo(id, salt, text);
  if (reasonCommitment?.length !== expected.length || !timingSafeEqual(reasonCommitment, expected))
    throw new CannotOpen();
  return { salt, text, isBlanked: false };
};

/**
 * Opens the reason of an entry.
 * @throws CannotOpen when it was altered, moved or does not match its commitment
 * @throws UnknownKey when the ring does not have its key
 */
export const openReason = (keys: BusinessKeys, stored: StoredReason): OpenedReason => {
  const { text, isBlanked } = opened(keys, stored);
  return { text, isBlanked };
};

/** A reason sealed again; without a text when there is none, or it was blanked. */
export type RenewedReason = Readonly<{ reason?: Buffer; reasonCommitment: Uint8Array | null }>;

/**
 * The reason sealed with the current key, in form 2. The commitment of form 2 stays the same. Throws as `openReason`
 * does.
 */
export const renewReason = (keys: BusinessKeys, stored: StoredReason): RenewedReason => {
  const { id, form, reasonCommitment } = stored;
  const { salt, text } = opened(keys, stored);
  if (text === null) return { reasonCommitment };
  if (form === 1) return sealReason(keys, id, text);
  return { reason: sealText(keys, placeOf(id), `${salt}${text}`), reasonCommitment };
};
