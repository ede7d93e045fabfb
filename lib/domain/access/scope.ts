import type { Purpose } from './purpose.ts';

/** The roles that a caller can have in a business. */
export const ROLES = ['OWNER', 'ADMIN', 'SPECIALIST', 'SUPPORT', 'PRIVACY', 'SERVICE'] as const;
export type Role = (typeof ROLES)[number];

type Membership = Readonly<{
  businessId: string;
  actorId: string;
  role: Role;
  /** Whether the role may move a customer into or out of `deleted`, on whatever route. */
  mayDelete: boolean;
  /** What the route is for. The history records it. */
  purpose: Purpose;
  requestId: string;
  /** When the database must have answered, in milliseconds since the epoch. */
  deadline: number;
  /** The same object in all attempts of one request. */
  request?: object;
}>;

/**
 * One request by one member of one business. Every query needs it, and the store files what a request reads and
 * stages under this object. Only these create one: lib/serve/request/permit.ts from verified claims, lib/serve/serve-queue.ts
 * from an event, lib/serve/serve-unsubscribe.ts from a signed token, and infra/ops/business-scope.ts for operators. An object
 * literal or a copy with the same fields is not a scope.
 */
export class BusinessScope implements Membership {
  readonly kind = 'business';
  readonly businessId: string;
  readonly actorId: string;
  readonly role: Role;
  readonly mayDelete: boolean;
  readonly purpose: Purpose;
  readonly requestId: string;
  readonly deadline: number;
  readonly request: object;
  readonly #permitted: undefined;

  constructor({
    businessId,
    actorId,
    role,
    mayDelete,
    purpose,
    requestId,
    deadline,
    request = {},
  }: Membership) {
    this.businessId = businessId;
    this.actorId = actorId;
    this.role = role;
    this.mayDelete = mayDelete;
    this.purpose = purpose;
    this.requestId = requestId;
    this.deadline = deadline;
    this.request = request;
    Object.freeze(this);
  }

  /**
   * The same request for another attempt. Nothing is read or staged under the new scope yet.
   * @param deadline of the attempt
   */
  again(deadline = this.deadline): BusinessScope {
    const { businessId, actorId, role, mayDelete, purpose, requestId, request } = this;
    return new BusinessScope({ businessId, actorId, role, mayDelete, purpose, requestId, request, deadline });
  }

  static isOne(value: object): value is BusinessScope {
    return #permitted in value;
  }
}

type Commission = Readonly<{
  /** The name of the contract that started it. The store lists the commands that each name may send. */
  purpose: string;
  requestId: string;
  deadline: number;
}>;

/**
 * One run of a schedule, a deployment step or an operator's command. It belongs to no business, but it has a purpose.
 * lib/serve/serve-task.ts creates it.
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

  /** The same run for another batch. Nothing is read under the new scope yet. */
  again(): SystemScope {
    return new SystemScope(this);
  }

  static isOne(value: object): value is SystemScope {
    return #commissioned in value;
  }
}

type Refused = Readonly<{
  /** The subject of the token, or the name of what is counted. Empty when the token names none that can be used. */
  actorId: string;
  requestId: string;
  deadline: number;
}>;

/**
 * One refused request of a caller, who may be no member of any business, or one use of a link that needs no caller. It gives
 * access only to the count of the caller's own refusals, or of the link's uses. The limiters in lib/serve/limits create it.
 */
export class CallerScope implements Refused {
  readonly kind = 'caller';
  readonly actorId: string;
  readonly requestId: string;
  readonly deadline: number;
  readonly #refused: undefined;

  constructor({ actorId, requestId, deadline }: Refused) {
    this.actorId = actorId;
    this.requestId = requestId;
    this.deadline = deadline;
    Object.freeze(this);
  }

  static isOne(value: object): value is CallerScope {
    return #refused in value;
  }
}

export type Scope = BusinessScope | SystemScope | CallerScope;

/** Whether a value was created as a scope. A run-time check, because types do not hold for values from elsewhere. */
export const isScope = (value: unknown): value is Scope =>
  typeof value === 'object' &&
  value !== null &&
  (BusinessScope.isOne(value) || SystemScope.isOne(value) || CallerScope.isOne(value));
