import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export type Condition = Readonly<{
  metric: IMetric;
  /** The value at which the alarm goes off. */
  threshold: number;
  /** What people cannot do, and what to look at: the text of the e-mail. */
  meaning: string;
  evaluationPeriods?: number;
  missing?: TreatMissingData;
  /** Goes off below the threshold instead of at it and above. */
  below?: true;
}>;

/** Where the alarms send to, and what their names begin with. */
type AlarmsProps = Readonly<{ topic: ITopic; prefix: string }>;

/** Alarms that all send to one topic. */
export class Alarms extends Construct {
  readonly #action: IAlarmAction;
  readonly #prefix: string;

  constructor(scope: Construct, id: string, { topic, prefix }: AlarmsProps) {
    super(scope, id);
    this.#action = new SnsAction(topic);
    this.#prefix = prefix;
  }

  add(id: string, { metric, threshold, meaning, evaluationPeriods = 1, missing, below }: Condition): void {
    const alarm = new Alarm(this, id, {
      alarmName: `${this.#prefix}-${id}`,
      metric,
      threshold,
      evaluationPeriods,
      alarmDescription: meaning,
      comparisonOperator:
        below === true
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
  }
}
