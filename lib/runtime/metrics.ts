import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** The alarms in infra watch this namespace. */
const NAMESPACE = 'CustomerManagement';

/** Adds to a metric. It is written to standard output in CloudWatch's embedded metric format. */
export const count = (
  metric:
    | 'PurgeCompleted'
    | 'DefectMet'
    | 'CustomersPurged'
    | 'AuditWriteFailed'
    | 'PepperMissing'
    | 'HistoryFlawed'
    | 'StrangerRefused'
    | 'CallerDeniedOften'
    | 'ErasuresChecked'
    | 'ErasureOverdue'
    | 'LedgerOverdue'
    | 'ArchiveKept'
    | 'ArchiveTroubled',
  value = 1,
): void => {
  publish(metric, MetricUnit.Count, value);
};

/** Says how long something takes now. It is written like a count, and its alarm looks at the greatest value. */
export const measure = (metric: 'OutboxLagSeconds', seconds: number): void => {
  publish(metric, MetricUnit.Seconds, seconds);
};

const publish = (metric: string, unit: (typeof MetricUnit)['Count' | 'Seconds'], value: number): void => {
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: 'customer-management' });
  metrics.addMetric(metric, unit, value);
  metrics.publishStoredMetrics();
};
