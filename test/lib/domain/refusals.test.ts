import { describe, expect, it } from '@jest/globals';
import { customerNotFound, idTaken, nobodyFound, requireVersion } from '#lib/domain/refusals.ts';
import { aCustomer, refusalOf } from './samples.ts';

describe('a refusal about an id, an email or a phone', () => {
  it('has the code of the contract and tells nothing beside it', () => {
    const refusals = [customerNotFound(), idTaken(), nobodyFound()];
    expect(refusals.map(({ code }) => code)).toEqual(['customer-not-found', 'id-taken', 'customer-not-found']);
    expect(refusals.map(({ details }) => details)).toEqual([{}, {}, {}]);
    for (const refusal of refusals) expect(refusal).toMatchObject({ name: 'Refusal', message: /./ });
  });
});
