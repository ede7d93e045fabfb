import type { BucketDefinition, FunctionDefinition } from '../assembly/definitions.ts';
import { S3Refusal } from './s3-answer.ts';
import type { S3Call } from './s3-call.ts';

const ACTIONS: Readonly<Record<S3Call['operation'], string>> = {
  put: 's3:PutObject',
  get: 's3:GetObject',
  head: 's3:GetObject',
  delete: 's3:DeleteObject',
  restore: 's3:RestoreObject',
  list: 's3:ListBucket',
};

/** What the operation does with the key that encrypts the bucket. */
const KEY_ACTIONS: Readonly<Partial<Record<S3Call['operation'], string>>> = {
  put: 'kms:GenerateDataKey',
  get: 'kms:Decrypt',
  head: 'kms:Decrypt',
};

const denied = ({ name }: FunctionDefinition, action: string, resource: string): S3Refusal =>
  new S3Refusal(
    403,
    'AccessDenied',
    `${name} is not authorized to perform ${action} on ${resource}: its role does not allow it.`,
  );

/**
 * Checks a call against the grants of a function's role.
 * @throws S3Refusal `AccessDenied` that names the action and the resource
 */
export const demandPermission = (
  caller: FunctionDefinition,
  { operation, key, query }: S3Call,
  { arn, keyArn }: BucketDefinition,
): void => {
  const prefix = query.get('prefix');
  const resource = operation === 'list' ? arn : `${arn}/${key}`;
  const context = operation === 'list' && prefix !== null ? { 's3:prefix': prefix } : {};
  if (!caller.mayDo(ACTIONS[operation], resource, context))
    throw denied(
      caller,
      ACTIONS[operation],
      operation === 'list' ? `${arn} with the prefix '${prefix ?? ''}'` : resource,
    );
  const keyAction = KEY_ACTIONS[operation];
  if (keyArn !== undefined && keyAction !== undefined && !caller.mayDo(keyAction, keyArn))
    throw denied(caller, keyAction, `${keyArn}, which encrypts ${arn}`);
};

/** S3 tells that an object is absent only to a role that may list the whole bucket. */
export const absent = (
  caller: FunctionDefinition,
  { key, operation }: S3Call,
  { arn }: BucketDefinition,
): S3Refusal =>
  caller.mayDo(ACTIONS.list, arn)
    ? new S3Refusal(404, 'NoSuchKey', `${arn} has no object ${key}.`)
    : denied(caller, ACTIONS[operation], `${arn}/${key}, which is absent`);
