import { type Role, ROLES } from './actor.ts';

/** What of a customer may be hidden from a role: how to reach a person, and what was noted about one. */
export const HIDEABLE_FIELDS = ['email', 'phone', 'note'] as const;
export type HideableField = (typeof HIDEABLE_FIELDS)[number];

/** Support staff recognise a customer without learning how to reach it. */
const HIDDEN_FROM: Readonly<Record<Role, readonly HideableField[]>> = {
  OWNER: [],
  ADMIN: [],
  SPECIALIST: [],
  SUPPORT: HIDEABLE_FIELDS,
  PRIVACY: [],
  SERVICE: [],
};

/**
 * The fields that a role sees masked. It may not search by a part of them either: asking again and again for one more
 * character would spell them out. As a whole it may, since who can name a value knows it already.
 * @throws Error for what is no role, so that nobody sees a thing that nobody decided about
 */
export const hiddenFrom = (role: Role): readonly HideableField[] => {
  if (!ROLES.includes(role)) throw new Error('Nobody decided what this role may see.');
  return HIDDEN_FROM[role];
};
