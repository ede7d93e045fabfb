import type { Role } from '#lib/domain/access/scope.ts';
import { type HideableField, hiddenFrom } from '#lib/domain/access/hidden-fields.ts';
import { maskEmail, maskNote, maskPhone } from '#lib/domain/access/masking.ts';

const MASKS: ReadonlyMap<string, (value: string) => string> = new Map<
  HideableField,
  (value: string) => string
>([
  ['email', maskEmail],
  ['phone', maskPhone],
  ['note', maskNote],
]);

/** An answer with the fields masked that a role may not see. Masking happens only here. */
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

/** A hidden field that is not a text cannot be masked, so it becomes null. */
const maskedValue = (name: string, value: unknown): string | null =>
  typeof value === 'string' ? (MASKS.get(name)?.(value) ?? null) : null;
