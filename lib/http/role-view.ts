import type { Role } from '#lib/domain/actor.ts';
import { type HideableField, hiddenFrom } from '#lib/domain/hidden-fields.ts';
import { maskEmail, maskNote, maskPhone } from '#lib/privacy/masking.ts';

const MASKS: ReadonlyMap<string, (value: string) => string> = new Map<
  HideableField,
  (value: string) => string
>([
  ['email', maskEmail],
  ['phone', maskPhone],
  ['note', maskNote],
]);

/** As much of an answer as a role may see: the one place where masking happens. */
export const asSeenBy = (role: Role, body: unknown): unknown => {
  const hidden: readonly string[] = hiddenFrom(role);
  return hidden.length === 0 ? body : masked(body, hidden);
};

const masked = (body: unknown, hidden: readonly string[]): unknown => {
  if (Array.isArray(body)) return body.map((item) => masked(item, hidden));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      hidden.includes(name) ? maskedValue(name, value) : masked(value, hidden),
    ]),
  );
};

/** What has the name of a hidden field and is no text has no mask: nothing of it is shown. */
const maskedValue = (name: string, value: unknown): string | null =>
  typeof value === 'string' ? (MASKS.get(name)?.(value) ?? null) : null;
