import type * as z from 'zod';
import type { Purpose } from '#lib/domain/access/purpose.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Door, PlainNeed, Schema, Sized } from './door.ts';
import type { Permission } from './permissions.ts';

/** Which services a queue hears: those named, or all but this one. */
export type Sources = readonly [string, ...string[]] | 'any-other';

/** A use case that receives events of other services from the bus, through a queue of its own. */
export type Queue = Door &
  Readonly<{
    kind: 'queue';
    sources: Sources;
    /** The types of events, as the envelope names them. */
    types: readonly [string, ...string[]];
    /** What the role SERVICE must be allowed, because an event acts in that role. */
    permission: Permission;
    /** What it uses data for, as its access log entries say. */
    purpose: Purpose;
    /** The `data` of an event. A schema that is not strict ignores fields that it does not name. */
    input: Schema;
  }>;

/** What this service calls itself as the source of events. */
export const OWN_SOURCE = 'beeoclock.customer';

/** A batch has ten messages, one after the other. A message that the database fails is tried again within this time. */
const QUEUE_SIZE = { memoryMb: 1024, timeoutSeconds: 60 };

/** Defines the contract of a use case that receives events of other services. */
export const defineQueue = <const D extends Sized<Queue> & Readonly<{ needs: readonly PlainNeed[] }>>(
  definition: D,
) => ({
  ...QUEUE_SIZE,
  ...definition,
  kind: 'queue' as const,
});

/** An event that a use case receives: the envelope, which is checked, and the parsed data. */
export type EventOf<C extends { input: Schema }> = Readonly<{
  id: string;
  /** The service that sent it. */
  source: string;
  type: string;
  time: Date;
  subject: string | undefined;
  data: z.output<C['input']>;
}>;

/** Which customers an event concerned, and which of their fields were read: for its entry in the access log. */
export type Concerned = Readonly<{ customers: readonly string[]; fields: readonly string[] }>;

/**
 * The steps of a queue. They stage changes under the scope. An event may come twice, late and out of order, so they must be
 * safe to repeat.
 */
export type QueueUseCase<C extends { input: Schema }> = (
  event: EventOf<C>,
  scope: BusinessScope,
) => Promise<Concerned>;
