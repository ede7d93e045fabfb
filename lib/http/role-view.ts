import type { Role } from '#lib/domain/actor.ts';
import { maskEmail, maskNote, maskPhone } from '#lib/privacy/masking.ts';

const MASKS: Readonly<Record<string, (text: string) => string>> = {
  email: maskEmail,
  phone: maskPhone,
  note: maskNote,
};

/** The names of the fields that a role sees masked. */
export const maskedFor = (role: Role | undefined): readonly string[] =>
  role === 'SUPPORT' ? Object.keys(MASKS) : [];

/**
 * What a role may see of an answer: the one place where masking happens. Support staff recognise a customer
 * without learning how to reach it.
 */
export const asSeenBy = (role: Role | undefined, body: unknown): unknown =>
  role === 'SUPPORT' ? masked(body) : body;

const masked = (body: unknown): unknown => {
  if (Array.isArray(body)) return body.map(masked);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, maskField(name, value)]));
};

const maskField = (name: string, value: unknown): unknown => {
  if (typeof value !== 'string') return masked(value);
  return MASKS[name]?.(value) ?? value;
};
