import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Contract } from '#lib/contract/contract.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { Buckets, neededBuckets } from './buckets.ts';
import { Bus, needsBus } from './bus.ts';
import { CustomerApi } from './customer-api.ts';
import { logGroupName } from './names.ts';
import { output, pascalCase } from './output.ts';
import { Secrets } from './secrets.ts';
import { stageSettings } from './stage-settings.ts';
import { UseCaseFunction } from './use-case-function.ts';

export type CustomerStackProps = Readonly<{
  contracts: readonly Contract[];
  /** Folder that holds `<name>/index.cjs`. */
  bundles: string;
}>;

/**
 * The main stack, made from the contracts: a function for each, its route if it has one, and what must never be replaced.
 * It refers to neither of the other stacks, which refer to it.
 */
export class CustomerStack extends Stack {
  readonly contracts: readonly Contract[];
  /** The names of the logs that hold access lines, by their use case: only those with a purpose write them. */
  readonly accessLogs: ReadonlyMap<string, string>;
  /** The names of the logs of the functions that may write to the database, by their use case. */
  readonly writersLogs: ReadonlyMap<string, string>;
  /** The bus, if some contract needs it. */
  readonly busName: string | undefined;

  constructor(scope: Construct, id: string, { contracts, bundles }: CustomerStackProps) {
    super(scope, id, { description: 'Customer Management: one Lambda per use case behind an HTTP API' });
    const settings = stageSettings(this.node);
    const secrets = new Secrets(this, 'Secrets');
    const needed = neededBuckets(contracts);
    const buckets = new Buckets(this, 'Buckets', { needed, settings });
    const bus = contracts.some(needsBus) ? new Bus(this, 'Events', settings) : undefined;
    const api = new CustomerApi(this, 'Api', settings);
    // These ids make the logical ids: with other ids CloudFormation would replace the topic and its subscription.
    new AlarmTopic(this, 'Alarms', {
      ...(settings.alarmEmail !== undefined && { email: settings.alarmEmail }),
    });
    for (const contract of contracts) {
      const useCase = new UseCaseFunction(this, contract.name, {
        contract,
        secrets,
        buckets,
        bus,
        settings,
        bundles,
      });
      this.#open(contract, useCase, api);
    }
    this.contracts = contracts;
    this.accessLogs = this.#logsOf(contracts.filter((contract) => 'purpose' in contract));
    this.writersLogs = this.#logsOf(contracts.filter(mayWrite));
    this.busName = bus?.busName;
  }

  /** A new kind of contract does not compile until it is listed here. */
  #open(contract: Contract, { lambda, logGroup }: UseCaseFunction, api: CustomerApi): void {
    switch (contract.kind) {
      case 'route':
        api.addRoute(contract, lambda);
        return;
      case 'schedule':
      case 'queue':
        return;
      case 'operation':
        output(this, `${pascalCase(contract.name)}Function`, {
          value: lambda.functionName,
          description: `Invoke this function to: ${contract.summary}`,
        });
        return;
      case 'subscription':
        output(this, `${pascalCase(contract.name)}Group`, {
          value: logGroup.logGroupName,
          description: `The log group that is a record: ${contract.summary}`,
        });
        return;
      default:
        contract satisfies never;
    }
  }

  #logsOf(contracts: readonly Contract[]): ReadonlyMap<string, string> {
    return new Map(contracts.map((contract) => [contract.name, logGroupName(this, contract)]));
  }
}

/** A GET is without effect. */
const mayWrite = (contract: Contract): boolean =>
  contract.needs.includes('database') && !(contract.kind === 'route' && contract.method === 'GET');
