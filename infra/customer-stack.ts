import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { contracts } from '#functions/contracts.ts';
import type { Contract } from '#lib/contract/route.ts';
import { Alarms } from './constructs/alarms.ts';
import { CustomerApi } from './constructs/customer-api.ts';
import { ScheduledUseCase } from './constructs/scheduled-use-case.ts';
import { Secrets } from './constructs/secrets.ts';
import { UseCaseFunction } from './constructs/use-case-function.ts';
import { stageSettings } from './stages.ts';

/** The schedule whose silence is an alarm. */
const PURGE = 'purge-deleted-customers';

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
    for (const contract of contracts) {
      const { lambda } = new UseCaseFunction(this, contract.name, { contract, secrets, settings, bundles });
      alarms.watchFunction(contract, lambda);
      this.#open(contract, { lambda, api, alarms });
    }
    alarms.watchDefects();
    alarms.watchApi(api.api);
  }

  /** A new kind of contract does not compile until it has its door here. */
  #open(
    contract: Contract,
    { lambda, api, alarms }: { lambda: UseCaseFunction['lambda']; api: CustomerApi; alarms: Alarms },
  ) {
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
      default:
        contract satisfies never;
    }
  }
}
