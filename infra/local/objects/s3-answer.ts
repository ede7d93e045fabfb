import type { HttpAnswer } from '../http-api/http-answer.ts';
import type { ObjectAbout } from './object-shelf.ts';

/** An answer of S3 that is an error. `message` is a sentence for the developer. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
const element = (name: string, text: string | number | boolean): string =>
  `<${name}>${escaped(String(text))}</${name}>`;

const xml = (status: number, root: string): HttpAnswer => ({
  status,
  headers: [['content-type', 'application/xml']],
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${root}`),
});

/** @param resource the path of the request */
export const refusalAnswer = ({ status, code, message }: S3Refusal, resource: string): HttpAnswer =>
  xml(
    status,
    `<Error>${element('Code', code)}${element('Message', message)}${element('Resource', resource)}</Error>`,
  );

export const emptyAnswer = (status: number, headers: HttpAnswer['headers'] = []): HttpAnswer => ({
  status,
  headers,
  body: Buffer.alloc(0),
});

const etag = ({ sha256 }: ObjectAbout): string =>
  `"${Buffer.from(sha256, 'base64').toString('hex').slice(0, 32)}"`;

const restoreHeader = ({ restore }: ObjectAbout, now: number): HttpAnswer['headers'] => {
  if (restore === undefined || now >= restore.until) return [];
  const expiry = new Date(restore.until).toUTCString();
  return [
    [
      'x-amz-restore',
      now < restore.readyAt ? 'ongoing-request="true"' : `ongoing-request="false", expiry-date="${expiry}"`,
    ],
  ];
};

/** The headers of an object. S3 leaves out the usual storage class. */
export const objectHeaders = (about: ObjectAbout, now: number): HttpAnswer['headers'] => [
  ['content-type', 'application/octet-stream'],
  ['etag', etag(about)],
  ['last-modified', new Date(about.at).toUTCString()],
  ['x-amz-checksum-sha256', about.sha256],
  ['x-amz-checksum-type', 'FULL_OBJECT'],
  ...(about.storageClass === 'STANDARD' ? [] : [['x-amz-storage-class', about.storageClass] as const]),
  ...restoreHeader(about, now),
];

/** A page of a list. */
export type Listing = Readonly<{
  bucket: string;
  prefix: string;
  pageSize: number;
  objects: readonly ObjectAbout[];
  next?: string;
}>;

export const listAnswer = ({ bucket, prefix, pageSize, objects, next }: Listing): HttpAnswer => {
  const contents = objects.map(
    (about) =>
      `<Contents>${element('Key', about.key)}${element('LastModified', new Date(about.at).toISOString())}${element('ETag', etag(about))}${element('Size', about.bytes)}${element('StorageClass', about.storageClass)}</Contents>`,
  );
  return xml(
    200,
    [
      '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
      element('Name', bucket),
      element('Prefix', prefix),
      element('KeyCount', objects.length),
      element('MaxKeys', pageSize),
      element('IsTruncated', next !== undefined),
      ...(next === undefined ? [] : [element('NextContinuationToken', next)]),
      ...contents,
      '</ListBucketResult>',
    ].join(''),
  );
};
