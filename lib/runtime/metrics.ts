import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Must be the namespace that infra's alarms watch. */
const NAMESPACE = 'CustomerManagement';

/** Counts something once, written to standard output in CloudWatch's embedded metric format. */
export const count = (
  metric: 'PurgeCompleted' | 'DefectMet' | 'CustomersPurged' | 'AuditWriteFailed' | 'HistoryFlawed',
  value = 1,
): void => {
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: 'customer-management' });
  metrics.addMetric(metric, MetricUnit.Count, value);
  metrics.publishStoredMetrics();
};
