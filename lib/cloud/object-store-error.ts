/** Why an operation on an object did not succeed. */
export type ObjectStoreProblem =
  /** There is no object with this key. */
  | 'absent'
  /** The object must be restored before it can be read. */
  | 'archived'
  /** The role of the function does not allow it, or a lock forbids it. */
  | 'denied'
  /** The object's bytes do not match its checksum. */
  | 'corrupt'
  /** The bucket did not answer in time, or not at all. The same call may succeed later. */
  | 'unavailable';

const SENTENCES: Readonly<Record<ObjectStoreProblem, string>> = {
  absent: 'There is no such object.',
  archived: 'The object is archived. Restore it before you read it.',
  denied: 'Access denied. Compare the grants of the contract with the key.',
  corrupt: 'The bytes do not match the checksum. Nothing was stored, and what was read must not be used.',
  unavailable: 'The bucket did not answer in time. Try again.',
};

/** An operation on an object that did not succeed, as `code` says. The message names bucket and key, never a content. */
export class ObjectStoreError extends Error {
  readonly code: ObjectStoreProblem;

  constructor(code: ObjectStoreProblem, of: Readonly<{ bucket: string; key: string }>, cause?: unknown) {
    super(`${of.bucket}/${of.key}: ${SENTENCES[code]}`, { cause });
    this.name = 'ObjectStoreError';
    this.code = code;
  }
}

/** Whether an error is this problem of an object. */
export const isObjectStoreError = (error: unknown, code: ObjectStoreProblem): error is ObjectStoreError =>
  error instanceof ObjectStoreError && error.code === code;
