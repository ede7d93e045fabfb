import { CfnOutput, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * The two secrets. Until the operator fills them they hold random text, because no template may contain a value. They are
 * kept when the stack is deleted: without the keyring no stored personal data can be read.
 */
export class Secrets extends Construct {
  readonly databaseUri: Secret;
  readonly keyring: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.databaseUri = this.#secret('DatabaseUri', 'MongoDB connection string, as text');
    this.keyring = this.#secret(
      'Keyring',
      'Master keys of personal data: {"current":"k1","keys":{"k1":"<32 bytes, base64>"}}',
    );
  }

  #secret(id: string, description: string): Secret {
    const encryptionKey = new Key(this, `${id}Key`, {
      description: `Encrypts the secret: ${description.split(/[,:]/)[0] ?? id}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const secret = new Secret(this, id, { description, encryptionKey, removalPolicy: RemovalPolicy.RETAIN });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'A rotation Lambda cannot change either of them alone. docs/deploy.md says how to replace each without an outage.',
    });
    new CfnOutput(this, `${id}Secret`, { value: secret.secretArn });
    return secret;
  }
}
