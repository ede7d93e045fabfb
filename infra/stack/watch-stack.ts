import { CrossStackReferences, Duration, Fn, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Contract } from '#lib/contract/contract.ts';
import { Alarms } from './alarms.ts';
import type { CustomerStack } from './customer-stack.ts';
import {
  failedDeliveries,
  functionMetric,
  greatestOf,
  messagesIn,
  serverErrors,
  serviceMetric,
  slowestCalls,
} from './metrics.ts';
import { ALARM_TOPIC, API_ID, deadLettersName, functionName, undeliveredName } from './names.ts';

/** The schedule that has to finish every two days, or an alarm goes off. */
const PURGE = 'purge-deleted-customers';
/** The schedule that ends erasures. */
const ERASURES = 'finish-erasures';
/** The schedule that moves customers to the archive and back. */
const ARCHIVE = 'keep-archive';
/** The schedule that puts events on the bus. */
const RELAY = 'relay-events';
/** Other services may hear of a change so late, and no later. */
const LONGEST_LAG = Duration.minutes(5);
/** An hour without a look is twelve runs that did not end. */
const SILENCE = Duration.hours(1);
/** 8 x 6 h: a purge that has not finished for two days is a broken promise. */
const HEARTBEAT_PERIOD = Duration.hours(6);
const HEARTBEAT_PERIODS = 8;
/** The share of a function's time-out that is too slow. */
const SLOW_SHARE = 0.8;

/** Every alarm of the service, in a stack of its own: each use case has three or more, and a stack holds 500 resources. */
export class WatchStack extends Stack {
  readonly #main: CustomerStack;
  readonly #alarms: Alarms;

  constructor(scope: Construct, id: string, main: CustomerStack) {
    super(scope, id, { description: 'Customer Management: the alarms' });
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    this.addStackDependency(main);
    this.#main = main;
    const topic = Topic.fromTopicArn(this, 'Topic', Fn.getStackOutput(main.stackName, ALARM_TOPIC));
    this.#alarms = new Alarms(this, 'Alarms', { topic, prefix: main.stackName });
    for (const contract of main.contracts) {
      this.#watchFunction(contract);
      this.#watchKind(contract);
    }
    this.#watchService();
  }

  /** A new kind of contract does not compile until it is listed here. */
  #watchKind(contract: Contract): void {
    switch (contract.kind) {
      case 'route':
      case 'operation':
        return;
      case 'schedule':
        this.#watchDeadLetters(contract);
        if (contract.name === PURGE) this.#watchPurge(contract);
        if (contract.name === ERASURES) this.#watchErasures(contract);
        if (contract.name === ARCHIVE) this.#watchArchive(contract);
        if (contract.name === RELAY) this.#watchRelay(contract);
        return;
      case 'subscription':
        this.#watchDeadLetters(contract);
        this.#watchAuditWrites(contract);
        this.#watchDelivery(contract);
        return;
      case 'queue':
        this.#watchDeadLetters(contract);
        this.#watchRule(contract);
        return;
      default:
        contract satisfies never;
    }
  }

  /** Errors, throttles and calls near the time-out of a function. */
  #watchFunction(contract: Contract): void {
    const { name, timeoutSeconds } = contract;
    const lambda = functionName(this.#main, contract);
    this.#alarms.add(`${name}-errors`, {
      metric: functionMetric('Errors', lambda),
      threshold: 1,
      meaning: `${impactOf(contract)} The function ${name} failed: search its log for 'defect'.`,
    });
    this.#alarms.add(`${name}-throttles`, {
      metric: functionMetric('Throttles', lambda),
      threshold: 1,
      meaning: `${impactOf(contract)} Lambda refused calls of the function ${name}: raise the account's concurrency limit.`,
    });
    this.#alarms.add(`${name}-slow`, {
      metric: slowestCalls(lambda),
      threshold: timeoutSeconds * 1_000 * SLOW_SHARE,
      evaluationPeriods: 3,
      meaning: `${impactOf(contract)} The function ${name} is close to its time-out: look for slow queries in the database.`,
    });
  }

  /** Events of a schedule or a log that could not be delivered, or that the function failed on every time. */
  #watchDeadLetters(contract: Contract): void {
    const queue = deadLettersName(this.#main, contract);
    this.#alarms.add(`${contract.name}-dead-letters`, {
      metric: messagesIn(queue),
      threshold: 1,
      meaning: `${impactOf(contract)} The function ${contract.name} could not be started, or failed on every try: read the message in the queue ${queue}.`,
    });
  }

  /** Events that the rule of a queue could not put into it. */
  #watchRule(contract: Contract): void {
    const queue = undeliveredName(this.#main, contract);
    this.#alarms.add(`${contract.name}-undelivered`, {
      metric: messagesIn(queue),
      threshold: 1,
      meaning: `${impactOf(contract)} The bus could not put an event into the queue of ${contract.name}: read the message in the queue ${queue}.`,
    });
  }

  /** A purge that has not finished for 48 hours; no data counts as not finished. */
  #watchPurge(contract: Contract): void {
    this.#alarms.add(`${contract.name}-heartbeat`, {
      metric: serviceMetric('PurgeCompleted', HEARTBEAT_PERIOD),
      threshold: 1,
      below: true,
      evaluationPeriods: HEARTBEAT_PERIODS,
      missing: TreatMissingData.BREACHING,
      meaning: `${impactOf(contract)} The function ${contract.name} has not finished for 48 hours: search its log for 'purge-stopped'.`,
    });
  }

  /** An erasure that is not finished after a day, or not in the ledger after 15 minutes, and a task that no longer looks for them. */
  #watchErasures(contract: Contract): void {
    this.#alarms.add('erasure-overdue', {
      metric: serviceMetric('ErasureOverdue'),
      threshold: 1,
      meaning: `${impactOf(contract)} An erasure or a purge has not finished for 24 hours: search the log of ${contract.name} for 'defect'.`,
    });
    this.#alarms.add('erasure-unledgered', {
      metric: serviceMetric('LedgerOverdue'),
      threshold: 1,
      meaning: `${impactOf(contract)} An erasure or a purge is not in the ledger after 15 minutes: search the log of ${contract.name} for 'defect'.`,
    });
    this.#alarms.add(`${contract.name}-heartbeat`, {
      metric: serviceMetric('ErasuresChecked', SILENCE),
      threshold: 1,
      below: true,
      missing: TreatMissingData.BREACHING,
      meaning: `${impactOf(contract)} The function ${contract.name} has not ended a run for an hour: search its log for 'defect'.`,
    });
  }

  /** An object that cannot be stored or read, and a task that no longer looks. */
  #watchArchive(contract: Contract): void {
    this.#alarms.add('archive-troubled', {
      metric: serviceMetric('ArchiveTroubled'),
      threshold: 1,
      meaning: `${impactOf(contract)} An object of the archive cannot be stored or read: search the log of ${contract.name} for 'archive-troubled', which names the customer.`,
    });
    this.#alarms.add(`${contract.name}-heartbeat`, {
      metric: serviceMetric('ArchiveKept', SILENCE),
      threshold: 1,
      below: true,
      missing: TreatMissingData.BREACHING,
      meaning: `${impactOf(contract)} The function ${contract.name} has not ended a run for an hour: search its log for 'defect'.`,
    });
  }

  /** Events that wait for too long, and a task that no longer looks for them. */
  #watchRelay(contract: Contract): void {
    this.#alarms.add('outbox-lag', {
      metric: greatestOf('OutboxLagSeconds'),
      threshold: LONGEST_LAG.toSeconds(),
      missing: TreatMissingData.BREACHING,
      meaning: `${impactOf(contract)} An event has waited for five minutes, or the function ${contract.name} no longer ends a run: search its log for 'event-refused', 'bus-failed' and 'defect'.`,
    });
  }

  /** Accesses that could not be recorded: their callers got 500, because no data is shown without a record. */
  #watchAuditWrites(contract: Contract): void {
    this.#alarms.add('audit-write-failures', {
      metric: serviceMetric('AuditWriteFailed'),
      threshold: 1,
      meaning: `${impactOf(contract)} An access could not be recorded, so its caller got a 500: search the functions' logs for 'defect'.`,
    });
  }

  /** Log lines that did not reach the function that listens to them, and will not be sent again. */
  #watchDelivery(contract: Contract): void {
    for (const [source, logGroup] of this.#main.accessLogs) {
      this.#alarms.add(`${contract.name}-from-${source}`, {
        metric: failedDeliveries(logGroup, contract.name),
        threshold: 1,
        meaning: `${impactOf(contract)} Some log lines of ${source} did not reach ${contract.name}. The log of ${source} keeps them for 90 days.`,
      });
    }
  }

  /** What no single function shows. */
  #watchService(): void {
    this.#alarms.add('defects', {
      metric: serviceMetric('DefectMet'),
      threshold: 1,
      meaning: "A request failed because of a fault in the service: search the functions' logs for 'defect'.",
    });
    this.#alarms.add('flawed-histories', {
      metric: serviceMetric('HistoryFlawed'),
      threshold: 1,
      meaning:
        "A customer's history does not verify, so it may have been changed in the database: search the log of verify-histories for 'history-flawed'.",
    });
    this.#alarms.add('callers-denied-often', {
      metric: serviceMetric('CallerDeniedOften'),
      threshold: 1,
      meaning:
        "A caller tries what it may not do, again and again: too many of its calls were refused, or it guesses masked emails or phones. Search the functions' logs for 'caller-denied-often', which names the caller.",
    });
    this.#alarms.add('pepper-missing', {
      metric: serviceMetric('PepperMissing'),
      threshold: 1,
      meaning:
        'A refusal was recorded but is not kept for its address, because the keyring has no pepper: if the customer is deleted and added again, the refusal is lost. Add a pepper with the ops command keyring add-pepper, then put the keyring into its secret.',
    });
    this.#alarms.add('api-5xx', {
      metric: serverErrors(Fn.getStackOutput(this.#main.stackName, API_ID)),
      threshold: 5,
      meaning:
        "Callers get 5xx answers: find the route in the API's access log, then read the log of its function.",
    });
  }
}

/** What people cannot do, as a sentence. */
const impactOf = ({ impact }: Contract): string => `${impact.charAt(0).toUpperCase()}${impact.slice(1)}.`;
