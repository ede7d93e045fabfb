import { describe, expect, it } from '@jest/globals';
import {
  customerNotFound,
  heldByLaw,
  idTaken,
  comesBackByUnmerge,
  mergedIntoAnother,
  nobodyFound,
  nothingToUndo,
  requireVersion,
} from '#lib/domain/refusals.ts';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { aCustomer } from './samples.ts';

describe('a refusal about an id, an email or a phone', () => {
  it('has the code of the contract and tells nothing beside it', () => {
    const refusals = [
      [customerNotFound(), 'customer-not-found'],
      [idTaken(), 'id-taken'],
      [nobodyFound(), 'customer-not-found'],
      [heldByLaw(), 'legal-hold'],
      [comesBackByUnmerge(), 'illegal-transition'],
      [nothingToUndo(), 'illegal-transition'],
    ] as const;
    expect(refusals.map(([{ code }]) => code)).toEqual(refusals.map(([, code]) => code));
    for (const [{ details }] of refusals) expect(details).toEqual({});
    for (const [refusal] of refusals)
      expect(refusal).toMatchObject({ name: 'Refusal', message: expect.stringMatching(/\.$/) });
  });
});

describe('a change of a merged customer', () => {
  it('is refused with the id of the survivor', () => {
    const refusal = mergedIntoAnother('5f1d7f3a9c3b4e2d8a6c1b0a');
    expect([refusal.code, refusal.details]).toEqual([
      'merged-into',
      { survivorId: '5f1d7f3a9c3b4e2d8a6c1b0a' },
    ]);
    expect(refusal.message).toBe(
      'This customer was merged into another one. Change that one, or undo the merge.',
    );
  });
});

describe('a change that names versions', () => {
  const customer = { ...aCustomer(), version: 7 };

  it('goes on with the current one among them, or when it names none', () => {
    for (const accepted of [undefined, ['7'], ['6', '7']])
      expect(() => requireVersion(customer, accepted)).not.toThrow();
  });

  it.each([[['6']], [['70']], [[]]])('is refused with %j, and told the current one', (accepted) => {
    const stale = { name: 'Refusal', code: 'stale-version', details: { currentVersion: '7' } };
    expect(() => requireVersion(customer, accepted)).toThrow(expect.objectContaining(stale));
  });
});

describe('an error', () => {
  it('of a rule says what it has to, and nothing it has not', () => {
    expect(new Refusal('id-taken', 'Taken.')).toMatchObject({
      name: 'Refusal',
      message: 'Taken.',
      details: {},
    });
  });

  it('of what does not answer says when to come again: in a second, unless it knows better', () => {
    const cause = new Error('cause');
    expect(new Unavailable('Later.')).toMatchObject({
      name: 'Unavailable',
      retryAfterSeconds: 1,
      isLasting: false,
    });
    expect(new Unavailable('Later.', { isLasting: true }).isLasting).toBe(true);
    const known = new Unavailable('Later.', { retryAfterSeconds: 7, cause });
    expect(known).toMatchObject({ message: 'Later.', retryAfterSeconds: 7, cause });
  });
});
