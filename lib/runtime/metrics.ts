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
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: 'customer-management' });
  metrics.addMetric(metric, MetricUnit.Count, value);
  metrics.publishStoredMetrics();
};
