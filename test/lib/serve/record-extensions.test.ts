import { describe, expect, it } from '@jest/globals';
import { recordExtensions } from '#lib/serve/record-extensions.ts';
import { aScope } from '#test/support/a-scope.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';
import { aBusinessId } from '#test/support/service.ts';

const extensionOf = (number: number) => ({
  customerId: 'c'.repeat(24),
  number,
  head: 'd'.repeat(64),
  keyIds: ['k1'],
});

/** Runs steps while lines about histories cannot be written. */
const withoutLines = async (steps: () => Promise<unknown>): Promise<void> => {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: unknown, ...more: unknown[]) => {
    const done = more.at(-1);
    if (!String(chunk).startsWith('{"message":"history-extended"'))
      return write(chunk as string, ...(more as []));
    if (typeof done === 'function') done(new Error('EPIPE'));
    return false;
  };
  try {
    await steps();
  } finally {
    process.stdout.write = write;
  }
};

describe('the histories that a request has extended', () => {
  const scope = aScope(aBusinessId());

  it('are written in their order, one line each', async () => {
    const lines = await linesWrittenBy(() =>
      recordExtensions([extensionOf(2), extensionOf(3)], 'merge-customer', scope),
    );
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      [2, 3].map((number) => ({
        message: 'history-extended',
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        requestId: scope.requestId,
        useCase: 'merge-customer',
        business: scope.businessId,
        customer: 'c'.repeat(24),
        number,
        head: 'd'.repeat(64),
        keyIds: ['k1'],
      })),
    );
  });

  it('are counted when they cannot be written, and do not fail the request', async () => {
    process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
    try {
      const lines = await linesWrittenBy(() =>
        withoutLines(() => recordExtensions([extensionOf(2), extensionOf(3)], 'change-customer', scope)),
      );
      expect(metricsIn(lines)).toEqual(['AuditWriteFailed', 'AuditWriteFailed']);
    } finally {
      process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
    }
  });
});
