import { describe, expect, it } from '@jest/globals';
import { count } from '#lib/runtime/metrics.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';

describe('count', () => {
  it('writes one line of CloudWatch’s embedded metric format', async () => {
    process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
    const lines = await linesWrittenBy(() => {
      count('PurgeCompleted');
    });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        _aws: {
          CloudWatchMetrics: [
            {
              Namespace: 'CustomerManagement',
              Dimensions: [['service']],
              Metrics: [{ Name: 'PurgeCompleted' }],
            },
          ],
        },
        service: 'customer-management',
        PurgeCompleted: 1,
      },
    ]);
  });
});
