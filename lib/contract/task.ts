import type * as z from 'zod';
import type { Purpose } from '#lib/domain/access/purpose.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { GrantsForNeeds, ObjectGrants } from './buckets.ts';
import { DEFAULT_SIZE, type Door, type Schema, type Sized } from './door.ts';

type Task = Door &
  Readonly<{
    input: Schema;
    output: Schema;
    /** What it may do in the buckets that it needs. */
    objects?: ObjectGrants;
  }>;

/** A use case that starts at regular times. */
export type Schedule = Task &
  Readonly<{
    kind: 'schedule';
    every: string;
    /** A log event of functions that write. It starts the schedule at once, beside its regular times. */
    hastenedBy?: string;
    /** What it adds to the histories of customers for. Its log is kept with the access log. */
    purpose?: Purpose;
  }>;

/** A use case that an operator or a deployment starts. */
export type Operation = Task & Readonly<{ kind: 'operation' }>;

/** Defines the contract of a schedule. `every` is an EventBridge Scheduler expression. */
export const defineSchedule = <const D extends Sized<Schedule>>(definition: D & GrantsForNeeds<D>) => ({
  ...DEFAULT_SIZE,
  ...definition,
  kind: 'schedule' as const,
});

/** Defines the contract of a use case that an operator or a deployment starts. */
export const defineOperation = <const D extends Sized<Operation>>(definition: D & GrantsForNeeds<D>) => ({
  ...DEFAULT_SIZE,
  ...definition,
  kind: 'operation' as const,
});

/** The steps of a schedule or an operation, after it has received its ports. */
export type SystemUseCase<C extends { input: Schema; output: Schema }> = (
  input: z.output<C['input']>,
  scope: SystemScope,
) => Promise<z.input<C['output']>>;
