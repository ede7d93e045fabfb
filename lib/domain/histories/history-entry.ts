import type { Role } from '#lib/domain/access/scope.ts';
import type { CustomerState } from '#lib/domain/customers/customer-state.ts';

/** One entry of the server's own record of a customer. It holds names of fields, never values. */
export type HistoryEntry = Readonly<{
  /** 1 for the first entry of a customer, then counting up without gaps. */
  seq: number;
  at: Date;
  businessId: string;
  customerId: string;
  /** Who did it: the subject of the token, or the purpose of a system scope. */
  actor: string;
  /** The role from the token; null for a system scope. */
  role: Role | null;
  /** The purpose from the contract of the action. */
  purpose: string;
  /** The id of the request, as in its log lines and error answers. */
  requestId: string;
  /** What was done, for example `create-customer`. */
  action: string;
  /** The states before and after a transition; null without one. */
  from: CustomerState | null;
  to: CustomerState | null;
  fields: readonly string[];
  /** The master key that its hash was made with, so that old entries can be verified after a key rotation. */
  keyId: string;
}>;
