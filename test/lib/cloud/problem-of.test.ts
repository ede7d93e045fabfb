import { S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { problemOf } from '#lib/cloud/problem-of.ts';

const ofS3 = (name: string, httpStatusCode?: number): Error =>
  new S3ServiceException({
    name,
    $fault: 'client',
    $metadata: { ...(httpStatusCode !== undefined && { httpStatusCode }) },
  });
const named = (name: string, more: object = {}): Error => Object.assign(new Error('x'), { name, ...more });

describe('the problem of an error of the SDK', () => {
  it.each([
    [ofS3('NoSuchKey', 404), 'absent'],
    [ofS3('NotFound', 404), 'absent'],
    [ofS3('InvalidObjectState', 403), 'archived'],
    [ofS3('AccessDenied', 403), 'denied'],
    [ofS3('Unknown', 403), 'denied'],
    [ofS3('BadDigest', 400), 'corrupt'],
    [ofS3('SlowDown', 503), 'unavailable'],
    [ofS3('InternalError', 500), 'unavailable'],
    [ofS3('RequestTimeout', 408), 'unavailable'],
    [ofS3('TooManyRequests', 429), 'unavailable'],
    [ofS3('NoSuchBucket', 404), undefined],
    [ofS3('Unknown'), undefined],
    [new Error('Checksum mismatch: expected "a" but received "b"'), 'corrupt'],
    [named('AbortError'), 'unavailable'],
    [named('TimeoutError'), 'unavailable'],
    [named('Error', { code: 'ECONNREFUSED' }), 'unavailable'],
    [named('Error', { code: 'ECONNRESET' }), 'unavailable'],
    [named('Error', { code: 'EACCES' }), undefined],
    [named('Error', { code: 104 }), undefined],
    [new TypeError('x'), undefined],
    ['AbortError', undefined],
  ])('%p is %p', (error, problem) => {
    expect(problemOf(error)).toBe(problem);
  });
});
