import { S3Refusal } from './s3-answer.ts';

/** A request head, as far as S3 reads it. */
export type S3Head = Readonly<{
  method: string;
  /** Still percent-encoded. */
  path: string;
  query: string;
  headers: ReadonlyMap<string, string>;
}>;

/** What a request asks for. `key` is empty for a list. */
export type S3Call = Readonly<{
  operation: 'put' | 'get' | 'head' | 'delete' | 'list' | 'restore';
  bucket: string;
  key: string;
  query: URLSearchParams;
}>;

/** The queries that each operation may have. `x-id` only names the operation. */
const QUERIES: Readonly<Record<S3Call['operation'], readonly string[]>> = {
  put: ['x-id'],
  get: ['x-id'],
  head: ['x-id'],
  delete: ['x-id'],
  restore: ['x-id', 'restore'],
  list: ['x-id', 'list-type', 'prefix', 'max-keys', 'continuation-token'],
};

/** The headers of S3 that are played, or that change nothing here. */
const HEADERS: ReadonlySet<string> = new Set([
  'x-amz-checksum-crc32',
  'x-amz-checksum-mode',
  'x-amz-checksum-sha256',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-security-token',
  'x-amz-storage-class',
  'x-amz-user-agent',
]);

/** Headers that change what an operation does. */
const CONDITIONAL = /^(if-.*|range|content-encoding)$/;

const operationOf = (
  { method }: S3Head,
  key: string,
  query: URLSearchParams,
): S3Call['operation'] | undefined => {
  if (key === '') return method === 'GET' && query.get('list-type') === '2' ? 'list' : undefined;
  switch (method) {
    case 'PUT':
      return 'put';
    case 'GET':
      return 'get';
    case 'HEAD':
      return 'head';
    case 'DELETE':
      return 'delete';
    case 'POST':
      return query.has('restore') ? 'restore' : undefined;
    default:
      return undefined;
  }
};

const unplayed = (what: string): S3Refusal =>
  new S3Refusal(501, 'NotImplemented', `${what} is not played here.`);

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Refusal(400, 'InvalidURI', `The path ${path} is not valid percent-encoding.`);
  }
};

/**
 * Reads what a request in path style asks for.
 * @throws S3Refusal that names bucket and key, for everything that is not played
 */
export const readCall = (head: S3Head): S3Call => {
  const [, bucket = '', rest = ''] = /^\/([^/]*)\/?(.*)$/s.exec(head.path) ?? [];
  const key = decoded(rest);
  const query = new URLSearchParams(head.query);
  const operation = operationOf(head, key, query);
  const resource = `${bucket}/${key}`;
  if (operation === undefined)
    throw unplayed(`${head.method} of ${resource}${head.query === '' ? '' : `?${head.query}`}`);
  const parameter = [...query.keys()].find((name) => !QUERIES[operation].includes(name));
  if (parameter !== undefined) throw unplayed(`The parameter ${parameter} for ${resource}`);
  const header = [...head.headers.keys()].find(
    (name) => CONDITIONAL.test(name) || (name.startsWith('x-amz-') && !HEADERS.has(name)),
  );
  if (header !== undefined) throw unplayed(`The header ${header} for ${resource}`);
  return { operation, bucket, key, query };
};
