import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { PROOF_TIMEOUT_MS, report, sized, tally } from '#test/support/promise.ts';
import { type Answer, useService } from '#test/support/service.ts';

useService('row-11');
const WRITERS = 50;
const ROUNDS = sized({ short: 2, full: 100 });
const UNNAMED_WRITERS = sized({ short: 15, full: 50 });
const AMPLE_MS = 60_000;
const writers = <T>(count: number, write: (writer: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, writer) => write(writer)));

describe('no lost update', () => {
  it(
    'of 50 writers who saw the same version one is accepted',
    async () => {
      const business = aBusiness();
      const { _id } = await added(business);
      const answers: Answer[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const headers = { 'if-match': `"${round}"` };
        answers.push(
          ...(await writers(WRITERS, (writer) =>
            business.change(_id, { note: `${round}-${writer}` }, { headers, remainingMs: AMPLE_MS }),
          )),
        );
      }
      report(11, `${WRITERS} writers on one ETag x ${ROUNDS} rounds (full: 100): ${tally(answers)}`);
      expect(tally(answers)).toBe(`${ROUNDS} x 200, ${ROUNDS * (WRITERS - 1)} x 412 stale-version`);
      expect((await business.get(_id)).body._version).toBe(String(ROUNDS));
      expect((await business.history(_id, { pageSize: '500' })).body).toMatchObject({
        verified: true,
        items: { length: ROUNDS + 1 },
      });
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'writers who named no version are all accepted, one after the other, and nothing of them is lost',
    async () => {
      const business = aBusiness();
      const { _id } = await added(business);
      const answers = await writers(UNNAMED_WRITERS, (writer) =>
        business.change(_id, { note: `note ${writer}` }, { remainingMs: AMPLE_MS }),
      );
      report(11, `${UNNAMED_WRITERS} writers without If-Match (full: 50): ${tally(answers)}`);
      expect(tally(answers)).toBe(`${UNNAMED_WRITERS} x 200`);
      const versions = answers.map(({ body }) => Number(body._version)).sort((one, other) => one - other);
      expect(versions).toEqual(Array.from({ length: UNNAMED_WRITERS }, (_, index) => index + 1));
      const { items, verified } = (await business.history(_id, { pageSize: '500' })).body;
      expect([items.length, verified]).toEqual([UNNAMED_WRITERS + 1, true]);
    },
    PROOF_TIMEOUT_MS,
  );

  it('changes of different fields at once are all there afterwards', async () => {
    const business = aBusiness();
    const { _id } = await added(business);
    const changes = [
      { firstName: 'Ola' },
      { lastName: 'Nowak' },
      { note: 'n' },
      { phone: '48999888777' },
      { email: 'o@b.example' },
      { customerType: 'new' },
      { state: 'suspended' },
    ];
    await Promise.all(changes.map((change) => business.change(_id, change, { remainingMs: AMPLE_MS })));
    expect((await business.get(_id)).body).toMatchObject(Object.assign({ _version: '7' }, ...changes));
  });
});
