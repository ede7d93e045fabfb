import { describe, expect, it } from '@jest/globals';
import { Error as MongooseErrors, mongo } from 'mongoose';
import { Unavailable } from '#lib/domain/errors.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { duplicateKeyOf, isCommitUnknown, translateError } from '#lib/store/database/database-errors.ts';

const serverError = (code: number, errmsg = 'refused') => new mongo.MongoServerError({ code, errmsg });
const labelled = (error: mongo.MongoError, label: string) => {
  error.addErrorLabel(label);
  return error;
};
const socketError = (code: string) => Object.assign(new Error(`write ${code}`), { code, syscall: 'write' });
const bulkErrorBy = (cause: Error) => new mongo.MongoClientBulkWriteError({ message: 'Bulk', cause });
const bulkErrorOf = (position: number, code: number, message: string) => {
  const error = new mongo.MongoClientBulkWriteError({ message: 'Bulk' });
  error.writeErrors = new Map([[position, { code, message } as never]]);
  return error;
};
const DUPLICATE =
  'E11000 duplicate key error collection: db.customer_link index: owner_email_unique dup key: { : 1 }';

describe('translateError', () => {
  it.each([
    ['a write conflict', serverError(112)],
    ['a write conflict inside a bulk write', bulkErrorOf(2, 112, 'WriteConflict')],
    ['a bulk write that failed by a write conflict', bulkErrorBy(serverError(112))],
    ['a transaction that may be tried again', labelled(serverError(251), 'TransientTransactionError')],
    ['a socket that broke before the write', socketError('ECONNRESET')],
    ['a pipe that broke', socketError('EPIPE')],
    ['a connection that another request gave up', new MongooseErrors('Connection was force closed')],
    ['a command under way on such a connection', new mongo.MongoClientClosedError()],
    ['a session that went with such a connection', new mongo.MongoExpiredSessionError()],
    ['a bulk write on a broken socket', bulkErrorBy(socketError('ECONNRESET'))],
  ])('is Conflict, to be tried again, for %s', (_what, error) => {
    expect(translateError(error)).toBeInstanceOf(Conflict);
  });

  it.each([
    ['maxTimeMS', serverError(50)],
    ['a shutdown', serverError(91)],
    ['an election', serverError(10107)],
    ['a network that broke', new mongo.MongoNetworkError('closed')],
    [
      'a network that broke in a transaction',
      labelled(new mongo.MongoNetworkError('x'), 'TransientTransactionError'),
    ],
    ['a bulk write that took too long', bulkErrorBy(serverError(50))],
  ])('is Unavailable for %s', (_what, error) => {
    expect(translateError(error)).toBeInstanceOf(Unavailable);
  });

  it.each([
    ['a schema validator that fired', serverError(121)],
    ['a command that does not exist', serverError(59)],
    ['an unexpected duplicate key', serverError(11000, DUPLICATE)],
    ['a defect of this service', new TypeError('x')],
    ['a file that is not there', Object.assign(new Error('ENOENT'), { code: 'ENOENT' })],
  ])('is the error itself for %s', (_what, error) => {
    expect(translateError(error)).toBe(error);
  });

  it('leaves errors that need no translation', () => {
    for (const error of [new Conflict('c'), new Unavailable('u'), null, 'text', undefined]) {
      expect(translateError(error)).toBe(error);
    }
  });

  it('never repeats the message of the database, which can quote values', () => {
    const meaning = translateError(serverError(50, 'canary@example.com'));
    expect((meaning as Error).message).not.toContain('canary');
  });
});

describe('duplicateKeyOf', () => {
  it('names the index and the position in the batch', () => {
    expect(duplicateKeyOf(bulkErrorOf(3, 11000, DUPLICATE))).toEqual({
      index: 'owner_email_unique',
      position: 3,
    });
    expect(duplicateKeyOf(serverError(11000, DUPLICATE))).toEqual({
      index: 'owner_email_unique',
      position: 0,
    });
  });

  it.each([serverError(112), bulkErrorOf(0, 121, 'x'), new Error('x'), null])('is null for %s', (error) => {
    expect(duplicateKeyOf(error)).toBeNull();
  });
});

describe('isCommitUnknown', () => {
  it('is true where the commit may have come through', () => {
    const unknown = labelled(new mongo.MongoNetworkError('x'), 'UnknownTransactionCommitResult');
    expect([unknown, socketError('ECONNRESET')].map(isCommitUnknown)).toEqual([true, true]);
    expect([serverError(112), new Error('x')].map(isCommitUnknown)).toEqual([false, false]);
  });
});
