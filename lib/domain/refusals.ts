import type { CallerBudget } from './access/caller-budget.ts';
import { bodyViolation, Refusal, type Violation } from './errors.ts';

/** The same sentence whether the id does not exist or belongs to another business. */
export const customerNotFound = (): Refusal =>
  new Refusal('customer-not-found', 'This business has no customer with this id.');

/** The same sentence in every case, because which ids other businesses use, or have used, is private. */
export const idTaken = (): Refusal =>
  new Refusal(
    'id-taken',
    'This `_id` is in use or was used before. Create a new one and send the customer again.',
  );

/** Data that must be kept for a court or an authority cannot be changed. */
export const heldByLaw = (): Refusal =>
  new Refusal('legal-hold', 'This customer is under a legal hold. Try again after the hold is lifted.');

/** What needs the whole record waits until the archive has given it back. */
export const inArchive = (): Refusal =>
  new Refusal(
    'in-archive',
    'A part of this customer is in the archive. Recall it, and try again when it is back.',
  );

/** A merged customer comes back only if the merge is undone. Otherwise the same data would be in two customers. */
export const comesBackByUnmerge = (): Refusal =>
  new Refusal('illegal-transition', 'This customer was merged into another one. Unmerge it instead.');

/** A merged customer is not changed any more. The survivor is named, because it is in the caller's own business. */
export const mergedIntoAnother = (survivorId: string): Refusal =>
  new Refusal(
    'merged-into',
    'This customer was merged into another one. Change that one, or undo the merge.',
    {
      survivorId,
    },
  );

/** A merged customer is erased together with the survivor, which has its data too. The survivor is named likewise. */
export const erasedWithSurvivor = (survivorId: string): Refusal =>
  new Refusal(
    'merged-into',
    'This customer was merged into another one. Erase that one, which erases both, or undo the merge first.',
    { survivorId },
  );

/** There is no merge of these two that can still be undone. */
export const nothingToUndo = (): Refusal =>
  new Refusal(
    'illegal-transition',
    'Nothing to undo: these two were never merged, are separate again, or were merged more than 30 days ago.',
  );

/** Fields of the body that break a rule, each named by its place. */
export const invalidFields = (violations: readonly Violation[]): Refusal => {
  const names = violations.map(({ pointer }) => pointer.slice('#/'.length));
  return new Refusal('invalid-request', `Some fields are not valid: ${names.join(', ')}.`, { violations });
};

/** An attendee that names nobody, and of whom no customer can be made. */
export const nobodyToAdd = (): Refusal => {
  const message =
    'Nobody is found by this, and there is no email or phone, or no name with an `_id`, to add somebody.';
  return new Refusal('invalid-request', message, {
    violations: [bodyViolation('#', 'contact-required', message)],
  });
};

/** An attendee whom nobody in the business is, and of whom no customer can be made. */
export const unusableAttendee = (violations: readonly Violation[]): Refusal =>
  new Refusal('invalid-request', violations.map(({ message }) => message).join(' '), { violations });

/** A look-up without a result. It does not say whether the email or the phone was searched. */
export const nobodyFound = (): Refusal =>
  new Refusal('customer-not-found', 'No live customer of this business has this email or phone.');

/**
 * Refuses a change that is based on an old version.
 * @param accepted the versions that If-Match names; undefined when the caller named none
 * @throws Refusal `stale-version` with the current version
 */
export const requireVersion = (
  customer: Readonly<{ version: number }>,
  accepted: readonly string[] | undefined,
): void => {
  const currentVersion = String(customer.version);
  if (accepted === undefined || accepted.includes(currentVersion)) return;
  throw new Refusal(
    'stale-version',
    'This customer has changed since you read it. Read it again and repeat your change.',
    { currentVersion },
  );
};

/** The role of the caller does not include a permission. */
export const notPermitted = (permission: string): Refusal =>
  new Refusal('not-permitted', `Your role in this business does not include ${permission}.`);

/** PATCH does not change a deleted customer. */
export const deletedCustomer = (): Refusal =>
  new Refusal('illegal-transition', 'This customer is deleted. Restore it first.');

/** A deleted customer may refuse, but grants nothing. */
export const grantOfDeleted = (): Refusal =>
  new Refusal(
    'illegal-transition',
    'This customer is deleted, so only refusals can be recorded. Restore it first to record a grant.',
  );

const CONTACT_NAMES = { email: 'email address', phone: 'phone number' } as const;

/** Another live customer already has the email or phone. It is named, because it is in the caller's own business. */
export const duplicateOf = (
  field: 'email' | 'phone',
  existing: Readonly<{ _id: string; state: string }>,
): Refusal => {
  const name = CONTACT_NAMES[field];
  const advice = `Open that customer, or use another ${name}.`;
  return new Refusal(`duplicate-${field}`, `Another customer of this business has this ${name}.`, {
    existing,
    violations: [bodyViolation(`#/${field}`, `duplicate-${field}`, advice)],
  });
};

/** A cursor made for another list, business or role, or sealed with a key that no longer exists. */
export const unreadableCursor = (where: 'query' | 'body' = 'query'): Refusal => {
  const message = 'This cursor belongs to another list or is too old. Start again without it.';
  return new Refusal('invalid-request', message, {
    violations: [{ in: where, pointer: '#/cursor', error: 'cursor', message }],
  });
};

/** The same sentence whether the id does not exist or belongs to another business. */
export const segmentNotFound = (): Refusal =>
  new Refusal('segment-not-found', 'This business has no segment with this id.');

/** Another segment of the business has this name, in some spelling. */
export const nameTaken = (): Refusal =>
  new Refusal('name-taken', 'Another segment of this business has this name.', {
    violations: [bodyViolation('#/name', 'name-taken', 'Choose another name, or change that segment.')],
  });

/** A business has as many segments as it may have. */
export const tooManySegments = (most: number): Refusal =>
  new Refusal(
    'too-many-segments',
    `This business has ${String(most)} segments, and may have no more. Delete one first.`,
  );

/** The token of a link is not one that this service made. It does not say what is wrong with it. */
export const unusableLink = (): Refusal => {
  const message =
    'This is no unsubscribe link of ours, or a part of it is missing. Use the whole link of the message.';
  return new Refusal('invalid-request', message, {
    violations: [{ in: 'query', pointer: '#/token', error: 'token', message }],
  });
};

/** The same key came before with a different request. */
export const idempotencyKeyReused = (): Refusal =>
  new Refusal(
    'idempotency-key-reused',
    'This Idempotency-Key was already used for another request. Send a new key with each new request.',
  );

/** Another copy of this request came first and is not answered yet. */
export const requestInProgress = (): Refusal =>
  new Refusal('request-in-progress', 'The same request is still being processed. Try again in 1 second.', {
    retryAfterSeconds: 1,
  });

/** A country code that the phone library does not know. */
export const unknownCountry = (): Refusal => {
  const message = 'This country code is not known. Use an ISO 3166-1 code such as PL.';
  return new Refusal('invalid-request', message, {
    violations: [bodyViolation('#/defaultCountry', 'unknown-country', message)],
  });
};

/**
 * The caller has used up a budget of its own.
 * @param text why, as a sentence
 * @param ms until the budget is full again, in milliseconds
 */
export const callerBudgetSpent = (
  text: string,
  { budget, ms }: { budget: CallerBudget; ms: number },
): Refusal => {
  const retryAfterSeconds = Math.max(1, Math.ceil(ms / 1_000));
  const wait = `${String(retryAfterSeconds)} ${retryAfterSeconds === 1 ? 'second' : 'seconds'}`;
  return new Refusal('rate-limited', `${text} Try again in ${wait}.`, {
    retryAfterSeconds,
    rateLimit: { limit: budget.most, resetSeconds: retryAfterSeconds },
  });
};
