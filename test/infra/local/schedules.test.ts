import { describe, expect, it } from '@jest/globals';
import type { ScheduleDefinition } from '#infra/local/assembly/definitions.ts';
import { inputOf } from '#infra/local/schedules.ts';

const schedule: ScheduleDefinition = {
  name: 'nightly',
  arn: 'arn:aws:scheduler:eu-central-1:000000000000:nightly',
  expression: 'rate(1 day)',
  enabled: true,
  target: {
    name: 'purge',
    arn: 'arn:aws:lambda:eu-central-1:000000000000:function:purge',
    path: '/App/purge',
    folder: '/nowhere',
    handler: 'index.handler',
    timeoutMs: 1_000,
    memoryMb: 128,
    environment: {},
    logGroup: '/aws/lambda/purge',
    mayDo: () => false,
  },
  input:
    '{"due":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>","try":"<aws.scheduler.attempt-number>"}',
};

describe('the input of a schedule', () => {
  it('has the scheduler’s context attributes filled in', () => {
    expect(JSON.parse(inputOf(schedule, new Date(0)))).toEqual({
      due: '1970-01-01T00:00:00.000Z',
      by: 'arn:aws:scheduler:eu-central-1:000000000000:nightly',
      try: '1',
    });
  });

  it('has a new id for every execution', () => {
    const named = { ...schedule, input: '"<aws.scheduler.execution-id>"' };
    expect(inputOf(named, new Date(0))).toMatch(/^"[0-9a-f-]{36}"$/);
    expect(inputOf(named, new Date(0))).not.toBe(inputOf(named, new Date(0)));
  });
});
