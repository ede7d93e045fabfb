import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { output } from './output.ts';

/** Kept for good, unless the deployment that makes it fails: nobody has put a value into it by then. */
const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

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
      'Master keys of personal data: the file that npm run ops -- keyring new makes',
    );
  }

  #secret(id: string, description: string): Secret {
    const encryptionKey = new Key(this, `${id}Key`, {
      description: `Encrypts the secret: ${description.split(/[,:]/)[0] ?? id}`,
      enableKeyRotation: true,
      removalPolicy: KEPT,
    });
    const secret = new Secret(this, id, { description, encryptionKey, removalPolicy: KEPT });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'A rotation Lambda cannot change either of them alone. docs/deploy.md says how to replace each without an outage.',
    });
    output(this, `${id}Secret`, { value: secret.secretArn, description: `Put here: ${description}` });
    return secret;
  }
}
