import { describe, expect, it } from '@jest/globals';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { logFailure, NoTimeLeft } from '#lib/serve/events/log-failure.ts';
import { UnusableEvent } from '#lib/serve/events/unusable-event.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';

const MESSAGE = { ids: { eventId: 'e1', businessId: 'b1' }, receives: 2, durationMs: 7 };
const written = async (error: unknown) => {
  const lines = await linesWrittenBy(() => {
    logFailure(error, MESSAGE);
  });
  expect(lines.join()).not.toContain('canary');
  const logged = lines.filter((line) => line.startsWith('{"')).map((line) => JSON.parse(line));
  const [failed, ...others] = logged.filter(({ message }) => message === 'event-failed');
  expect(others).toEqual([]);
  return { failed, names: logged.flatMap(({ message }) => message ?? []), metrics: metricsIn(lines) };
};

describe('the line about an event that was not handled', () => {
  it.each([
    ['a rule that refused it', new Refusal('legal-hold', 'canary'), 'legal-hold', ['event-failed']],
    ['no time', new NoTimeLeft('canary'), 'no-time-left', ['event-failed']],
    [
      ...(['a database that is away', new Unavailable('canary'), 'database-unavailable'] as const),
      ['database-unavailable', 'event-failed'],
    ],
  ])('names the code and the ids: %s', async (_what, error, code, names) => {
    const line = await written(error);
    expect(line.failed).toMatchObject({ code, eventId: 'e1', businessId: 'b1', receives: 2, durationMs: 7 });
    expect([line.failed.place, line.names, line.metrics]).toEqual([undefined, names, []]);
  });

  it('names the place and the ids that an unusable event has', async () => {
    const { failed } = await written(
      new UnusableEvent('invalid-data', { ids: { eventId: 'e2' }, path: ['at'] }),
    );
    expect(failed).toMatchObject({ code: 'invalid-data', place: 'at', eventId: 'e2' });
    expect(failed.businessId).toBeUndefined();
    const nowhere = await written(new UnusableEvent('no-json', { ids: {}, path: [] }));
    expect('place' in nowhere.failed).toBe(false);
  });

  it('is one of a defect, with its own line and a count, when nobody expected the error', async () => {
    const { failed, names, metrics } = await written(new TypeError('canary'));
    expect([failed.code, names, metrics]).toEqual(['defect', ['defect', 'event-failed'], ['DefectMet']]);
  });
});
