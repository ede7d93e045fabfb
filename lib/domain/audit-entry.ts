import type { Role } from './actor.ts';
import type { CustomerState } from './customer-state.ts';

/** One line of the server's own record of a customer: names of fields, never values. */
export type AuditEntry = Readonly<{
  /** 1 for the first entry of a customer, then without a gap. */
  seq: number;
  at: Date;
  businessId: string;
  customerId: string;
  /** Who did it: the subject of a token, or a system's purpose. */
  actor: string;
  /** As what: the role of the token; null for a system. */
  role: Role | null;
  /** What for, as the contract of the action says. */
  purpose: string;
  /** The request that did it, as its error answers and log lines name it. */
  requestId: string;
  /** What was done, as `create-customer`. */
  action: string;
  /** The states around a transition; null where there was none. */
  from: CustomerState | null;
  to: CustomerState | null;
  fields: readonly string[];
  /** The master key whose hash seals it, so that a rotation leaves old entries verifiable. */
  keyId: string;
}>;
