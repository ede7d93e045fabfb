import { describe, expect, it } from '@jest/globals';
import { ErasureReceipt, toErasureReceipt } from '#lib/contract/erasure-receipt.ts';
import { ERASURE_GROUNDS, type Erasure } from '#lib/domain/rights/erasure.ts';

const ID = 'a'.repeat(24);

const running: Erasure = {
  id: ID,
  cause: 'retention',
  ground: null,
  requestedAt: new Date('2026-01-31T23:59:59.999Z'),
  finishedAt: null,
  places: [{ place: 'histories', found: 3, left: 1 }],
  isLedgered: false,
  confirmedBy: [],
};
const done: Erasure = {
  ...running,
  cause: 'request',
  ground: 'consent-withdrawn',
  finishedAt: new Date('2026-02-01T00:00:00.000Z'),
  places: [{ place: 'histories', found: 3, left: 0 }],
  isLedgered: true,
};
const KEPT = [{ place: 'suppressions', why: 'a refusal must outlive the customer' }];
const NOT_BY_CUSTOMER = [
  {
    place: 'suppression',
    why: 'a hash of each address that refused something, so that the refusal still counts',
  },
  { place: 'access log', why: 'who saw the customer, by id only; for 13 months' },
  { place: 'backups of the database', why: 'they cannot be changed; for 35 days at most' },
];

describe('the receipt of an erasure', () => {
  it('has neither a ground nor an end while a retention rule still erases', () => {
    const receipt = toErasureReceipt(running, []);
    expect(receipt).toStrictEqual({
      erasureId: ID,
      status: 'running',
      cause: 'retention',
      requestedAt: '2026-01-31T23:59:59.999Z',
      places: [{ place: 'histories', found: 3, left: 1 }],
      kept: NOT_BY_CUSTOMER,
      ledgered: false,
      confirmedBy: [],
    });
    expect(ErasureReceipt.parse(receipt)).toStrictEqual(receipt);
  });

  it('says why and until when, once it is done', () => {
    const receipt = toErasureReceipt(done, KEPT);
    expect(receipt).toStrictEqual({
      erasureId: ID,
      status: 'done',
      cause: 'request',
      ground: 'consent-withdrawn',
      requestedAt: '2026-01-31T23:59:59.999Z',
      finishedAt: '2026-02-01T00:00:00.000Z',
      places: [{ place: 'histories', found: 3, left: 0 }],
      kept: [...KEPT, ...NOT_BY_CUSTOMER],
      ledgered: true,
      confirmedBy: [],
    });
    expect(ErasureReceipt.parse(receipt)).toStrictEqual(receipt);
  });

  it('is a copy: a change to it does not reach the erasure', () => {
    const { places } = toErasureReceipt(done, KEPT);
    places.length = 0;
    expect(done.places).toHaveLength(1);
  });

  it.each(ERASURE_GROUNDS)('may name the ground %s', (ground) => {
    expect(ErasureReceipt.parse(toErasureReceipt({ ...done, ground }, KEPT)).ground).toBe(ground);
  });

  it('shows the services that confirmed it, and drops what is no part of a receipt', () => {
    const confirmedBy = [{ service: 'invoices', at: new Date('2026-02-02T00:00:00.000Z') }];
    const receipt = toErasureReceipt({ ...done, confirmedBy }, KEPT);
    expect(receipt.confirmedBy).toEqual([{ service: 'invoices', at: '2026-02-02T00:00:00.000Z' }]);
    expect(ErasureReceipt.parse({ ...receipt, email: 'anna@example.com' })).toStrictEqual(receipt);
  });

  it.each([
    { erasureId: undefined },
    { status: 'failed' },
    { cause: 'mistake' },
    { ground: 'another' },
    { requestedAt: 'yesterday' },
    { finishedAt: '2026-02-01' },
    { places: [{ place: 'histories', found: 3 }] },
    { places: [{ place: 'histories', found: 0.5, left: 0 }] },
    { places: [{ found: 3, left: 0 }] },
    { kept: [{ place: 'histories' }] },
    { kept: [{ why: 'they are kept' }] },
    { ledgered: 'yes' },
    { confirmedBy: [{ service: 'invoices' }] },
    { confirmedBy: [{ at: '2026-02-02T00:00:00.000Z' }] },
  ])('cannot have %j', (part) => {
    const wrong = { ...toErasureReceipt(done, KEPT), ...part };
    expect(ErasureReceipt.safeParse(wrong).success).toBe(false);
  });
});
