import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { ALARM_TOPIC } from './names.ts';
import { output } from './output.ts';

/**
 * The topic that every alarm is sent to, and who reads it. It stays in the main stack: a subscription that moved to
 * another stack would send no e-mail until someone confirmed it again.
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: { email?: string }) {
    super(scope, id);
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    const masterKey = new Key(this, 'TopicKey', {
      description: 'Encrypts alarm messages',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    masterKey.grantEncryptDecrypt(cloudWatch);
    this.topic = new Topic(this, 'Topic', { masterKey, enforceSSL: true });
    // A topic with its own policy loses the default policy, which lets alarms publish.
    this.topic.grantPublish(cloudWatch);
    if (email !== undefined) sendTo(email, this.topic);
    output(this, ALARM_TOPIC, {
      value: this.topic.topicArn,
      description: 'Every alarm is sent to this topic. Add more readers to it here.',
    });
  }
}

const sendTo = (email: string, topic: Topic): void => {
  Validations.of(topic.addSubscription(new EmailSubscription(email))).acknowledge({
    id: 'Serverless-SNSRedrivePolicy',
    reason: 'An e-mail that cannot be delivered loses nothing: the alarm itself stays in CloudWatch.',
  });
};
