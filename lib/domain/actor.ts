/** Who may act in a business; contract.md's roles. */
export const ROLES = ['OWNER', 'ADMIN', 'SPECIALIST', 'SUPPORT', 'PRIVACY', 'SERVICE'] as const;
export type Role = (typeof ROLES)[number];

/**
 * One request of one member of one business. Every query starts from it, and what a request stages in the
 * store hangs on it, so each attempt of a request has its own.
 */
export type BusinessScope = Readonly<{
  kind: 'business';
  businessId: string;
  actorId: string;
  role: Role;
  requestId: string;
  /** Milliseconds since the epoch by which the database must have answered. */
  deadline: number;
}>;

/** A schedule, a queue or the operator's command line, with the purpose it was started for. */
export type SystemScope = Readonly<{
  kind: 'system';
  purpose: string;
  requestId: string;
  deadline: number;
}>;
