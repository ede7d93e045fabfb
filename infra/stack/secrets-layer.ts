import { Duration } from 'aws-cdk-lib';
import {
  Architecture,
  ParamsAndSecretsLayerVersion,
  ParamsAndSecretsLogLevel,
  ParamsAndSecretsVersions,
} from 'aws-cdk-lib/aws-lambda';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { SettingError } from './stage-settings.ts';

const VERSION = ParamsAndSecretsVersions.V1_0_103;
const SECRETS_PORT = 2773;
const SECRETS_KEPT = Duration.minutes(5);

/** Also sets PARAMETERS_SECRETS_EXTENSION_HTTP_PORT. A changed secret is read when the kept one is too old. */
export const secretsExtension = (): ParamsAndSecretsLayerVersion =>
  ParamsAndSecretsLayerVersion.fromVersion(VERSION, {
    httpPort: SECRETS_PORT,
    cacheSize: 10,
    secretsManagerTtl: SECRETS_KEPT,
    logLevel: ParamsAndSecretsLogLevel.WARN,
  });

/**
 * Refuses a region in which AWS does not offer the layer, as far as CDK knows. Otherwise the deployment itself would fail, after some
 * minutes, with a message about a mapping.
 * @param region undefined when no region is known yet
 * @throws SettingError that names the regions to choose from
 */
export const refuseWithoutLayer = (region: string | undefined): void => {
  const fact = FactName.paramsAndSecretsLambdaLayer(VERSION, Architecture.ARM_64.name);
  const regions = Fact.regions.filter((one) => Fact.find(one, fact) !== undefined).sort();
  if (region === undefined || region === '' || regions.includes(region)) return;
  throw new SettingError(
    `The region ${region} does not have the Lambda layer that reads the secrets. Choose one of ${regions.join(', ')}.`,
  );
};
