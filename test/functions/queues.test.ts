import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { isPermitted } from '#lib/contract/permissions.ts';
import { LOG_EVENTS } from '#lib/runtime/log-events.ts';

const queues = contracts.filter((contract) => contract.kind === 'queue');

describe.each(queues.map((contract) => [contract.name, contract] as const))(
  'the queue %s',
  (_name, contract) => {
    it('needs a permission that the role of events has', () => {
      expect(isPermitted('SERVICE', contract.permission)).toBe(true);
    });

    it('hears types that have a version, of sources that are named', () => {
      for (const type of contract.types) expect(type).toMatch(/^[a-z][a-z0-9.-]+\.v\d+$/);
      expect(contract.types.length).toBeGreaterThan(0);
      expect(contract.sources.length).toBeGreaterThan(0);
    });

    it('has time for more than one message', () => {
      expect(contract.timeoutSeconds).toBeGreaterThanOrEqual(30);
    });
  },
);

it('no two queues hear the same type: each event would be handled twice', () => {
  const types = queues.flatMap((contract) => contract.types);
  expect(new Set(types).size).toBe(types.length);
});

it('a schedule is hastened by an event that the log knows', () => {
  const hastened = contracts.flatMap((contract) =>
    contract.kind === 'schedule' && contract.hastenedBy !== undefined ? [contract.hastenedBy] : [],
  );
  expect(hastened.filter((event) => !(event in LOG_EVENTS))).toEqual([]);
});
