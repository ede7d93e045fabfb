import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

type Output = Readonly<{ value: string; description: string }>;

/** Shows a value to the operator after a deployment, under exactly this name: CDK would add a hash. */
export const output = (scope: Construct, name: string, { value, description }: Output): void => {
  new CfnOutput(scope, `${name}Output`, { value, description }).overrideLogicalId(name);
};

/** `migrate-database` as `MigrateDatabase`: names of outputs hold letters and digits only. */
export const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
