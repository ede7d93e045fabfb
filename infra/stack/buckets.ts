import { CfnElement, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { BucketNeed, ObjectAction, ObjectGrant, ObjectGrants } from '#lib/contract/buckets.ts';
import type { Contract } from '#lib/contract/contract.ts';
import { bucketName } from './names.ts';
import type { StageSettings } from './stage-settings.ts';

/** Longer than a backup of the database lives, with a year to notice: what was erased can be erased again after a restore. */
const LEDGER_LOCK = Duration.days(400);
/** Kept for good, unless the deployment that makes it fails: its name would be taken, and no other deployment could succeed. */
const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
/** How long an object of the archive can be brought back after it was deleted or written over. */
const ARCHIVE_NONCURRENT = Duration.days(30);

const S3_ACTION: Readonly<Record<Exclude<ObjectAction, 'list'>, string>> = {
  put: 's3:PutObject',
  get: 's3:GetObject',
  delete: 's3:DeleteObject',
  restore: 's3:RestoreObject',
};

const purposes = {
  'archive-bucket': 'archive',
  'ledger-bucket': 'ledger',
} as const satisfies Readonly<Record<BucketNeed, string>>;

/** Which buckets the contracts need. */
export const neededBuckets = (contracts: readonly Contract[]): BucketNeed[] =>
  (['archive-bucket', 'ledger-bucket'] as const).filter((bucket) =>
    contracts.some(({ needs }) => needs.includes(bucket)),
  );

type BucketsProps = Readonly<{ needed: readonly BucketNeed[]; settings: StageSettings }>;

/**
 * The buckets that some contract needs, each under a key of its own. They are kept when the stack is deleted: the archive
 * holds records that are nowhere else, and the ledger says what must stay erased.
 */
export class Buckets extends Construct {
  readonly #buckets: ReadonlyMap<BucketNeed, Bucket>;
  readonly #archiveTier: StageSettings['archiveTier'];

  constructor(scope: Construct, id: string, { needed, settings }: BucketsProps) {
    super(scope, id);
    this.#archiveTier = settings.archiveTier;
    this.#buckets = new Map(
      needed.map((need) => [
        need,
        need === 'archive-bucket' ? this.#archive(settings.archiveLockDays) : this.#ledger(),
      ]),
    );
  }

  /** The environment of a function that needs the bucket. */
  environmentOf(need: BucketNeed): [string, string][] {
    const { bucketName: name } = this.#bucket(need);
    if (need === 'ledger-bucket') return [['LEDGER_BUCKET', name]];
    return [
      ['ARCHIVE_BUCKET', name],
      ['ARCHIVE_STORAGE_CLASS', this.#archiveTier === 'flexible' ? 'GLACIER' : 'GLACIER_IR'],
    ];
  }

  /** Lets the role of a function do what its contract says with the objects under its prefixes, and nothing else. */
  grant(role: Role, objects: ObjectGrants): void {
    for (const need of ['archive-bucket', 'ledger-bucket'] as const) {
      const grants: readonly ObjectGrant[] = objects[need] ?? [];
      if (grants.length > 0) grantObjects(role, this.#bucket(need), grants);
    }
  }

  #bucket(need: BucketNeed): Bucket {
    const bucket = this.#buckets.get(need);
    if (bucket === undefined) throw new Error(`No contract needs the ${need}.`);
    return bucket;
  }

  #ledger(): Bucket {
    return this.#make('Ledger', {
      ...namedAndEncrypted(this, 'ledger-bucket', 'Encrypts the ledger: which records were erased, and when'),
      objectLockDefaultRetention: ObjectLockRetention.governance(LEDGER_LOCK),
    });
  }

  #archive(lockDays: number | undefined): Bucket {
    return this.#make('Archive', {
      ...namedAndEncrypted(
        this,
        'archive-bucket',
        'Encrypts the archive: records that are not used any more',
      ),
      lifecycleRules: [{ id: 'delete-old-versions', noncurrentVersionExpiration: ARCHIVE_NONCURRENT }],
      ...(lockDays !== undefined && {
        objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(lockDays)),
      }),
    });
  }

  #make(id: string, props: BucketProps): Bucket {
    const bucket = new Bucket(this, id, {
      bucketKeyEnabled: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      // A bucket without it would have to be replaced when a lock is wanted later. Alone, it locks nothing.
      objectLockEnabled: true,
      removalPolicy: KEPT,
      ...props,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Only functions of this stack read or write it, and each logs what it did. CloudTrail data events show every other access.',
    });
    return bucket;
  }
}

const namedAndEncrypted = (scope: Construct, need: BucketNeed, description: string) => ({
  bucketName: bucketName(Stack.of(scope), purposes[need]),
  encryption: BucketEncryption.KMS,
  encryptionKey: new Key(scope, need === 'archive-bucket' ? 'ArchiveKey' : 'LedgerKey', {
    description,
    enableKeyRotation: true,
    removalPolicy: KEPT,
  }),
});

const grantObjects = (role: Role, bucket: Bucket, grants: readonly ObjectGrant[]): void => {
  for (const { prefix, actions } of grants) {
    const named = actions.filter((action) => action !== 'list').map((action) => S3_ACTION[action]);
    const statement = new PolicyStatement({
      actions: named,
      resources: [bucket.arnForObjects(`${prefix}*`)],
    });
    if (named.length > 0) {
      role.addToPolicy(statement);
      acknowledgePrefix(role, bucket, prefix);
    }
    // Without it, S3 answers 403 for an object that is absent, so that a read could not be told from a denied one.
    if (actions.some((action) => action === 'list' || action === 'get'))
      role.addToPolicy(mayList(bucket, prefix));
  }
  const actions: readonly ObjectAction[] = grants.flatMap((grant) => grant.actions);
  const uses = [
    ...(actions.includes('put') ? ['kms:GenerateDataKey'] : []),
    ...(actions.includes('get') ? ['kms:Decrypt'] : []),
  ];
  if (uses.length > 0) bucket.encryptionKey?.grant(role, ...uses);
};

/** cdk-nag names the resource of a statement by the logical id of its bucket. */
const acknowledgePrefix = (role: Role, bucket: Bucket, prefix: string): void => {
  const { defaultChild } = bucket.node;
  if (!CfnElement.isCfnElement(defaultChild)) throw new Error(`${bucket.node.path} is no resource.`);
  const id = Stack.of(bucket).getLogicalId(defaultChild);
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${id}.Arn>/${prefix}*]`,
    reason:
      'Keys end with ids that are not known before. The wildcard ends a prefix that its contract names.',
  });
};

const mayList = (bucket: Bucket, prefix: string): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
  });
