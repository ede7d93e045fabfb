import type { Purpose } from './purpose.ts';

/** Who may act in a business; contract.md's roles. */
export const ROLES = ['OWNER', 'ADMIN', 'SPECIALIST', 'SUPPORT', 'PRIVACY', 'SERVICE'] as const;
export type Role = (typeof ROLES)[number];

type Membership = Readonly<{
  businessId: string;
  actorId: string;
  role: Role;
  /** What the route is for: the audit names it. */
  purpose: Purpose;
  requestId: string;
  /** Milliseconds since the epoch by which the database must have answered. */
  deadline: number;
}>;

/**
 * One request of one member of one business. Every query starts from it, and what a request reads and stages in the
 * store hangs on it. Only lib/http/permit.ts makes one, from verified claims, and for operators infra/ops/business-scope.ts; neither a literal nor a copy is one.
 */
export class BusinessScope implements Membership {
  readonly kind = 'business';
  readonly businessId: string;
  readonly actorId: string;
  readonly role: Role;
  readonly purpose: Purpose;
  readonly requestId: string;
  readonly deadline: number;
  readonly #permitted: undefined;

  constructor({ businessId, actorId, role, purpose, requestId, deadline }: Membership) {
    this.businessId = businessId;
    this.actorId = actorId;
    this.role = role;
    this.purpose = purpose;
    this.requestId = requestId;
    this.deadline = deadline;
    Object.freeze(this);
  }

  /** The same request, about to be tried anew: nothing read or staged hangs on it yet. */
  again(): BusinessScope {
    return new BusinessScope(this);
  }

  static isOne(value: object): value is BusinessScope {
    return #permitted in value;
  }
}

type Commission = Readonly<{
  /** The name of the contract it was started for: what it may send is listed by it. */
  purpose: string;
  requestId: string;
  deadline: number;
}>;

/**
 * A schedule, a deployment, a queue or the operator's command line: no business, but a purpose. Only
 * lib/http/serve-task.ts makes one.
 */
export class SystemScope implements Commission {
  readonly kind = 'system';
  readonly purpose: string;
  readonly requestId: string;
  readonly deadline: number;
  readonly #commissioned: undefined;

  constructor({ purpose, requestId, deadline }: Commission) {
    this.purpose = purpose;
    this.requestId = requestId;
    this.deadline = deadline;
    Object.freeze(this);
  }

  /** The same task, about to start another batch: nothing read hangs on it yet. */
  again(): SystemScope {
    return new SystemScope(this);
  }

  static isOne(value: object): value is SystemScope {
    return #commissioned in value;
  }
}

export type Scope = BusinessScope | SystemScope;

/** Whether a value is a scope that was made as one, at run time: types do not bind what came in by another way. */
export const isScope = (value: unknown): value is Scope =>
  typeof value === 'object' && value !== null && (BusinessScope.isOne(value) || SystemScope.isOne(value));
