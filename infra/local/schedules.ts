import { randomUUID } from 'node:crypto';
import type { ScheduleDefinition } from './assembly/definitions.ts';

export class UnknownSchedule extends Error {
  constructor(name: string) {
    super(`There is no schedule ${name}. For a list, call GET /_local/schedules.`);
  }
}

/** A schedule as `GET /_local/schedules` returns it. */
export const describeSchedule = ({ name, expression, enabled, target }: ScheduleDefinition): object => ({
  name,
  expression,
  state: enabled ? 'ENABLED' : 'DISABLED',
  function: target.name,
});

/** The input that EventBridge Scheduler would send at this time, with its context attributes filled in. */
export const inputOf = ({ input, arn }: ScheduleDefinition, at: Date): string =>
  input
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.scheduled-time>', at.toISOString())
    .replaceAll('<aws.scheduler.execution-id>', randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', '1');
