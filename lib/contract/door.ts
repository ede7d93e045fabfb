import type * as z from 'zod';
import type { BucketNeed } from './buckets.ts';

/** What a use case needs. Each need only becomes environment variables and grants of its Lambda. */
export type Need = PlainNeed | BucketNeed | 'event-bus';

/** The needs that any kind of use case may have. */
export type PlainNeed = 'database' | 'keyring' | 'openapi-document' | 'purge-switch';

/** The zod schema of a part of a contract. */
export type Schema = z.ZodType;

/** The fields that every kind of contract has. */
export type Door = Readonly<{
  /** Also the name of the folder and of the Lambda. */
  name: string;
  summary: string;
  /** What people cannot do while it fails. A lower-case clause: its alarms begin with it. */
  impact: string;
  needs: readonly Need[];
  memoryMb: number;
  timeoutSeconds: number;
}>;
/** A contract as its author writes it: memory and time-out have defaults, and the define function sets the kind. */
export type Sized<D extends Door> = Omit<D, 'memoryMb' | 'timeoutSeconds' | 'kind'> &
  Partial<Pick<D, 'memoryMb' | 'timeoutSeconds'>>;

/** The memory and time-out of a use case that sets none. */
export const DEFAULT_SIZE = { memoryMb: 1024, timeoutSeconds: 10 };
