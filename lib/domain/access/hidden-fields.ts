import { type Role, ROLES } from './scope.ts';

/** The fields of a customer that may be hidden from a role: contact data, notes about the person, and whom to invoice. */
export const HIDEABLE_FIELDS = ['email', 'phone', 'note', 'invoicing'] as const;
export type HideableField = (typeof HIDEABLE_FIELDS)[number];

/** Support staff can recognise a customer but cannot see how to contact one. */
const HIDDEN_FROM: Readonly<Record<Role, readonly HideableField[]>> = {
  OWNER: [],
  ADMIN: [],
  SPECIALIST: [],
  SUPPORT: HIDEABLE_FIELDS,
  PRIVACY: [],
  SERVICE: [],
};

/**
 * The fields that a role sees masked. The role cannot search these fields by part of a value either: repeated
 * searches, each one character longer, would reveal it. Searching by a whole value is allowed, because the caller
 * knows it already.
 * @throws Error for an unknown role: no default decides what it may see
 */
export const hiddenFrom = (role: Role): readonly HideableField[] => {
  if (!ROLES.includes(role)) throw new Error('There is no rule for what this role may see.');
  return HIDDEN_FROM[role];
};
