import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { MOST_SEGMENTS } from '#lib/domain/messages/segment.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { expectProblem, expectRefused } from '#test/support/refusal.ts';
import { expectNothingWritten } from '#test/support/stored.ts';
import { useService } from '#test/support/service.ts';
import { setVisits } from '#test/support/visits.ts';

const service = useService('segments');
const REGULARS = { name: 'Regulars', definition: { visitsAtLeast: 3 } };
const UNKNOWN = 'f'.repeat(24);

const creating = async (business: Business, body: unknown = REGULARS): Promise<any> => {
  const answer = await business.createSegment(body);
  if (answer.status !== 201) throw new Error(`A segment was refused: ${answer.text}`);
  return answer.body;
};

describe('POST /segments', () => {
  it('answers 201 with the segment, which GET and the list then show', async () => {
    const business = aBusiness();
    const definition = {
      states: ['active', 'inactive'],
      customerTypes: ['regular', 'new'],
      createdAfter: '2026-01-01T00:00:00.000Z',
      createdBefore: { daysAgo: 1 },
      lastVisitAfter: { daysAgo: 90 },
      lastVisitBefore: '2030-01-01T00:00:00.000Z',
      firstVisitAfter: '2020-01-01T00:00:00.000Z',
      firstVisitBefore: { daysAgo: 3 },
      visitsAtLeast: 1,
      visitsAtMost: 10,
      consent: { purpose: 'marketing', channel: 'email' },
    };
    const segment = await creating(business, { name: '  Nearly lost  ', definition });
    expect(segment).toEqual({
      segmentId: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: 'Nearly lost',
      definition,
      createdAt: expect.any(String),
      updatedAt: segment.createdAt,
    });
    expect((await business.segment(segment.segmentId)).body).toEqual({ ...segment, size: 0 });
    expect((await business.segments()).body).toEqual({ items: [segment] });
  });

  it('is listed by name, whatever the letter case', async () => {
    const business = aBusiness();
    for (const name of ['b', 'Ä', 'C', 'a b']) await creating(business, { ...REGULARS, name });
    const { items } = (await business.segments()).body;
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['Ä', 'a b', 'b', 'C']);
  });

  it('answers the same again for the same Idempotency-Key', async () => {
    const business = aBusiness();
    const headers = { 'idempotency-key': 'one' };
    const first = await business.createSegment(REGULARS, { headers });
    const again = await business.createSegment(REGULARS, { headers });
    expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
  });

  it('answers 409 name-taken for a name in another spelling, and writes nothing', async () => {
    const business = aBusiness();
    await creating(business, { ...REGULARS, name: 'Stälė  Gäste' });
    for (const name of ['stale gaste', 'STÄLĖ GÄSTE', 'Stälė Gäste'])
      await expectRefused(service, () => business.createSegment({ ...REGULARS, name }), [409, 'name-taken']);
    expect((await aBusiness().createSegment({ ...REGULARS, name: 'stale gaste' })).status).toBe(201);
    expect((await business.createSegment({ ...REGULARS, name: '★' })).status).toBe(201);
    expect((await business.createSegment({ ...REGULARS, name: '★★' })).status).toBe(201);
  });

  it('of equal creates at once answers 201 to one', async () => {
    const business = aBusiness();
    const answers = await Promise.all(Array.from({ length: 20 }, () => business.createSegment(REGULARS)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
  });

  it('answers 409 too-many-segments beyond 100, however many come at once, until one is deleted', async () => {
    const business = aBusiness();
    const create = (index: number) => business.createSegment({ ...REGULARS, name: `s${String(index)}` });
    for (let index = 0; index < MOST_SEGMENTS - 3; index += 1) await create(index);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => create(1_000 + index)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 409, 'too-many-segments');
    const { items } = (await business.segments()).body;
    expect(items).toHaveLength(MOST_SEGMENTS);
    await business.deleteSegment(items[50].segmentId);
    expect((await create(2_000)).status).toBe(201);
  });
});

describe('a definition', () => {
  const refused = async (definition: unknown, pointers: readonly string[]): Promise<void> => {
    const business = aBusiness();
    const answer = await expectNothingWritten(service, () =>
      business.createSegment({ name: 'x', definition }),
    );
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(
      [...pointers].sort(),
    );
  };
  const day = (number: number) => `2026-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;

  it.each<[unknown, string[]]>([
    [{}, ['#/definition']],
    [null, ['#/definition']],
    [undefined, ['#/definition']],
    [[], ['#/definition']],
    ['visitsAtLeast > 3', ['#/definition']],
    [{ states: [] }, ['#/definition/states']],
    [{ states: ['deleted'] }, ['#/definition/states/0']],
    [{ customerTypes: ['vip'] }, ['#/definition/customerTypes/0']],
    [{ visitsAtLeast: -1 }, ['#/definition/visitsAtLeast']],
    [{ visitsAtLeast: 1.5 }, ['#/definition/visitsAtLeast']],
    [{ visitsAtLeast: '3' }, ['#/definition/visitsAtLeast']],
    [{ visitsAtMost: 1e9 }, ['#/definition/visitsAtMost']],
    [{ neverVisited: false }, ['#/definition/neverVisited']],
    [{ createdAfter: '2026-01-01' }, ['#/definition/createdAfter']],
    [{ createdAfter: '1960-01-01T00:00:00Z' }, ['#/definition/createdAfter']],
    [{ createdAfter: '2290-01-01T00:00:00Z' }, ['#/definition/createdAfter']],
    [{ createdAfter: { daysAgo: 0 } }, ['#/definition/createdAfter/daysAgo']],
    [{ createdAfter: { daysAgo: 3_651 } }, ['#/definition/createdAfter/daysAgo']],
    [{ createdAfter: { daysAgo: 1, hoursAgo: 1 } }, ['#/definition/createdAfter/hoursAgo']],
    [{ createdAfter: { $gt: '' } }, ['#/definition/createdAfter']],
    [{ consent: { purpose: 'marketing' } }, ['#/definition/consent/channel']],
    [{ consent: { purpose: 'M', channel: 'email' } }, ['#/definition/consent/purpose']],
    [{ createdAfter: day(2), createdBefore: day(2) }, ['#/definition/createdBefore']],
    [{ createdAfter: day(3), createdBefore: day(2) }, ['#/definition/createdBefore']],
    [{ lastVisitAfter: { daysAgo: 3 }, lastVisitBefore: { daysAgo: 3 } }, ['#/definition/lastVisitBefore']],
    [{ firstVisitAfter: { daysAgo: 3 }, firstVisitBefore: day(1) }, ['#/definition/firstVisitBefore']],
    [{ firstVisitAfter: day(3), lastVisitBefore: day(2) }, ['#/definition/lastVisitBefore']],
    [{ visitsAtLeast: 3, visitsAtMost: 2 }, ['#/definition/visitsAtMost']],
    [{ neverVisited: true, visitsAtLeast: 1 }, ['#/definition/visitsAtLeast']],
    [
      { neverVisited: true, lastVisitAfter: day(1), firstVisitBefore: day(2) },
      ['#/definition/lastVisitAfter', '#/definition/firstVisitBefore'],
    ],
    [{ visitsAtMost: 0, lastVisitAfter: { daysAgo: 9 } }, ['#/definition/lastVisitAfter']],
  ])('%j is answered 400 at its place', async (definition, pointers) => {
    await refused(definition, pointers);
  });

  it('that contradicts itself is named like every other place', async () => {
    const definition = { visitsAtLeast: 3, visitsAtMost: 2 };
    const { body } = await aBusiness().createSegment({ name: 'x', definition });
    expect(body.detail).toBe('Some fields are not valid: definition/visitsAtMost.');
  });

  it('with an unknown field is answered 400 unknown-field', async () => {
    const definition = { visitsAtLeast: 1, $where: 'sleep(1000)', visits: 3 };
    const answer = await expectRefused(service, () => aBusiness().createSegment({ name: 'x', definition }), [
      400,
      'unknown-field',
    ]);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '#/definition/$where',
      '#/definition/visits',
    ]);
  });

  it.each(['', '   ', 'x'.repeat(81), 'Regu\tlars', '\u0007', 5, null])(
    'under the name %j is answered 400',
    async (name) => {
      const answer = await expectRefused(service, () => aBusiness().createSegment({ ...REGULARS, name }), [
        400,
        'invalid-request',
      ]);
      expect(answer.body.errors).toMatchObject([{ pointer: '#/name' }]);
    },
  );

  it.each([
    { createdAfter: day(1), createdBefore: { daysAgo: 3_650 } },
    { createdAfter: { daysAgo: 2 }, createdBefore: { daysAgo: 1 } },
    { visitsAtLeast: 0 },
    { visitsAtLeast: 2, visitsAtMost: 2 },
    { neverVisited: true, visitsAtLeast: 0, visitsAtMost: 0 },
    { states: ['archived', 'archived'] },
    { lastVisitAfter: day(1), firstVisitBefore: day(1) },
  ])('%j may be met, now or later, and is taken', async (definition) => {
    const business = aBusiness();
    expect((await creating(business, { name: 'x', definition })).definition).toEqual(definition);
  });
});

describe('GET /segments/{segmentId}', () => {
  it('counts who belongs to it now', async () => {
    const business = aBusiness();
    const [often, once, never, suspended] = [
      await added(business),
      await added(business),
      await added(business),
      await added(business, { state: 'suspended' }),
    ];
    await setVisits(service, often._id, { count: 5, first: 100, last: 10 });
    await setVisits(service, once._id, { count: 1, first: 40, last: 40 });
    await setVisits(service, suspended._id, { count: 9, first: 90, last: 5 });
    expect(never.state).toBe('active');
    const sizes: [object, number][] = [
      [{ visitsAtLeast: 1 }, 2],
      [{ neverVisited: true }, 1],
      [{ states: ['active', 'inactive'], visitsAtLeast: 1 }, 3],
      [{ lastVisitAfter: { daysAgo: 30 } }, 1],
      [{ lastVisitBefore: { daysAgo: 30 } }, 1],
      [{ firstVisitBefore: { daysAgo: 50 }, states: ['active', 'suspended', 'archived'] }, 2],
      [{ createdAfter: { daysAgo: 1 } }, 3],
      [{ createdBefore: { daysAgo: 1 } }, 0],
      [{ customerTypes: ['new'] }, 0],
      [{ consent: { purpose: 'marketing', channel: 'email' } }, 0],
    ];
    for (const [definition, size] of sizes) {
      const { segmentId } = await creating(business, { name: JSON.stringify(size), definition });
      expect([definition, (await business.segment(segmentId)).body.size]).toEqual([definition, size]);
      await business.deleteSegment(segmentId);
    }
  });

  it('of another business is answered as an unknown one', async () => {
    const { segmentId } = await creating(aBusiness());
    const business = aBusiness();
    const withoutIds = ({ instance: _, ...body }: any) => body;
    const [foreign, unknown] = [await business.segment(segmentId), await business.segment(UNKNOWN)];
    expectProblem(foreign, 404, 'segment-not-found');
    expect(withoutIds(foreign.body)).toEqual(withoutIds(unknown.body));
    expectProblem(await business.segment('x'), 400, 'invalid-request');
    expect((await business.segments()).body).toEqual({ items: [] });
  });
});

describe('PUT /segments/{segmentId}', () => {
  it('replaces name and definition', async () => {
    const business = aBusiness();
    const before = await creating(business);
    const sent = { name: 'Regulars!', definition: { neverVisited: true } };
    const { status, body } = await business.changeSegment(before.segmentId, sent);
    expect([status, body]).toEqual([200, { ...before, ...sent, updatedAt: expect.any(String) }]);
    expect((await business.segments()).body.items).toEqual([body]);
  });

  it('writes nothing for the same again, whatever the order', async () => {
    const business = aBusiness();
    const definition = { createdAfter: { daysAgo: 3 }, visitsAtLeast: 3 };
    const before = await creating(business, { name: 'x', definition });
    const same = { name: 'x', definition: { visitsAtLeast: 3, createdAfter: { daysAgo: 3 } } };
    await expectNothingWritten(service, async () => {
      expect((await business.changeSegment(before.segmentId, same)).body).toEqual(before);
    });
  });

  it('answers 409 name-taken for the name of another one, and takes its own in another spelling', async () => {
    const business = aBusiness();
    const { segmentId } = await creating(business);
    await creating(business, { ...REGULARS, name: 'Other' });
    await expectRefused(service, () => business.changeSegment(segmentId, { ...REGULARS, name: 'OTHER' }), [
      409,
      'name-taken',
    ]);
    expect((await business.changeSegment(segmentId, { ...REGULARS, name: 'REGULARS' })).status).toBe(200);
  });

  it('refuses what POST refuses, and an unknown or foreign segment with 404', async () => {
    const business = aBusiness();
    const { segmentId } = await creating(business);
    for (const definition of [{}, { neverVisited: true, visitsAtLeast: 2 }, { daysAgo: 1 }])
      expect((await business.changeSegment(segmentId, { name: 'x', definition })).status).toBe(400);
    for (const id of [UNKNOWN, (await creating(aBusiness())).segmentId])
      await expectRefused(service, () => business.changeSegment(id, REGULARS), [404, 'segment-not-found']);
  });

  it('and a DELETE at once leave the segment changed or gone', async () => {
    const business = aBusiness();
    const { segmentId } = await creating(business);
    const [changed, deleted] = await Promise.all([
      business.changeSegment(segmentId, { ...REGULARS, name: 'y' }),
      business.deleteSegment(segmentId),
    ]);
    expect([200, 404]).toContain(changed.status);
    expect(deleted.status).toBe(200);
    expect((await business.segments()).body.items).toEqual([]);
  });
});

describe('DELETE /segments/{segmentId}', () => {
  it('answers the same again, and for an unknown and a foreign id, without effect', async () => {
    const business = aBusiness();
    const { segmentId } = await creating(business);
    const other = aBusiness();
    const foreign = (await creating(other)).segmentId;
    for (const id of [segmentId, segmentId, UNKNOWN, foreign])
      expect(await business.deleteSegment(id)).toMatchObject({
        status: 200,
        body: { segmentId: id, deleted: true },
      });
    expect((await business.segments()).body.items).toEqual([]);
    expect((await other.segments()).body.items).toHaveLength(1);
    expectProblem(await business.deleteSegment('x'), 400, 'invalid-request');
  });
});

describe('a stored segment', () => {
  it('names who wrote it last, and no customer', async () => {
    const business = aBusiness();
    const { segmentId } = await creating(business);
    await business.changeSegment(segmentId, { ...REGULARS, name: 'z' }, { actor: 'ann' });
    const stored = await service.database
      .collection('segment')
      .findOne({ _id: new Types.ObjectId(segmentId) });
    expect(Object.keys(stored ?? {}).sort()).toEqual(
      ['_id', 'businessId', 'by', 'createdAt', 'definition', 'name', 'nameKey', 'slot', 'updatedAt'].sort(),
    );
    expect(stored).toMatchObject({ by: 'ann', nameKey: 'z', slot: 0, definition: { visitsAtLeast: 3 } });
  });
});
