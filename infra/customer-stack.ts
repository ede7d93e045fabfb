import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { contracts } from '#functions/contracts.ts';
import type { Contract } from '#lib/contract/route.ts';
import { Alarms } from './constructs/alarms.ts';
import { CustomerApi } from './constructs/customer-api.ts';
import { ScheduledUseCase } from './constructs/scheduled-use-case.ts';
import { Secrets } from './constructs/secrets.ts';
import { type Source, SubscribedUseCase } from './constructs/subscribed-use-case.ts';
import { UseCaseFunction } from './constructs/use-case-function.ts';
import { stageSettings } from './stages.ts';

/** The schedule whose silence is an alarm. */
const PURGE = 'purge-deleted-customers';

type Function = Pick<UseCaseFunction, 'lambda' | 'logGroup'>;
type Around = Readonly<{
  own: Function;
  api: CustomerApi;
  alarms: Alarms;
  /** The logs of those who account for accesses. */
  accounting: readonly Source[];
}>;

/** Whoever has a purpose says who saw what; nobody else's log is listened to, least of all the listener's own. */
const accountingFor = (useCases: readonly (Function & Readonly<{ contract: Contract }>)[]): Source[] =>
  useCases
    .filter(({ contract }) => contract.kind === 'route' && contract.purpose !== undefined)
    .map(({ contract, logGroup }) => ({ name: contract.name, logGroup }));

/** The whole service, made from the contracts: a function each, and the door its kind asks for. */
export class CustomerStack extends Stack {
  constructor(scope: Construct, id: string, { bundles }: { bundles: string }) {
    super(scope, id, { description: 'Customer Management: one Lambda per use case behind an HTTP API' });
    const settings = stageSettings(this.node);
    const secrets = new Secrets(this, 'Secrets');
    const api = new CustomerApi(this, 'Api', settings);
    const alarms = new Alarms(this, 'Alarms', {
      ...(settings.alarmEmail !== undefined && { email: settings.alarmEmail }),
    });
    const useCases = contracts.map((contract) => {
      const props = { contract, secrets, settings, bundles };
      const { lambda, logGroup } = new UseCaseFunction(this, contract.name, props);
      return { contract, lambda, logGroup };
    });
    const accounting = accountingFor(useCases);
    for (const { contract, ...own } of useCases) {
      alarms.watchFunction(contract, own.lambda);
      this.#open(contract, { own, api, alarms, accounting });
    }
    alarms.watchDefects();
    alarms.watchHistories();
    alarms.watchApi(api.api);
  }

  /** A new kind of contract does not compile until it has its door here. */
  #open(contract: Contract, { own: { lambda, logGroup }, api, alarms, accounting }: Around) {
    switch (contract.kind) {
      case 'route':
        api.addRoute(contract, lambda);
        return;
      case 'schedule': {
        const { deadLetters } = new ScheduledUseCase(this, `${contract.name}-schedule`, { contract, lambda });
        alarms.watchDeadLetters(contract, deadLetters);
        if (contract.name === PURGE) alarms.watchPurge(contract);
        return;
      }
      case 'operation':
        new CfnOutput(this, `${contract.name}-function`, { value: lambda.functionName });
        return;
      case 'subscription': {
        const props = { contract, lambda, sources: accounting };
        const { deadLetters } = new SubscribedUseCase(this, `${contract.name}-subscription`, props);
        alarms.watchDeadLetters(contract, deadLetters);
        alarms.watchAuditWrites(contract);
        for (const source of accounting) alarms.watchDelivery(contract, source);
        new CfnOutput(this, `${contract.name}-log`, { value: logGroup.logGroupName });
        return;
      }
      default:
        contract satisfies never;
    }
  }
}
