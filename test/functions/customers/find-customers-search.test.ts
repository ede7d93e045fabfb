import { beforeAll, describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { useService } from '#test/support/service.ts';

useService('find-customers-search');
const business = aBusiness();

const PEOPLE = {
  anna: { firstName: 'Anna', lastName: 'Kowalska', email: 'Anna.X@example.com', phone: '48512345678' },
  zoe: { firstName: 'Zoë', lastName: 'Müller-Lüdenscheidt', email: 'zm@mail.example', phone: '49301234567' },
  lukasz: { firstName: 'Łukasz', lastName: 'Nowak', email: 'ln@mail.example', phone: '48600700800' },
  oconnor: { firstName: 'Sinéad', lastName: "O'Connor", email: 'so@mail.example', phone: '353861234567' },
  olga: { firstName: 'Ольга', lastName: 'Петренко', email: 'op@mail.example', phone: '380671112244' },
  yosyp: { firstName: 'Йосип', lastName: 'Їжак', email: 'yo@mail.example', phone: '380501112233' },
} as const;
type Person = keyof typeof PEOPLE;
const personOf = new Map<string, Person>();

beforeAll(async () => {
  for (const person of Object.keys(PEOPLE) as Person[]) {
    personOf.set((await added(business, PEOPLE[person]))._id, person);
  }
});

const found = async (phrase: string): Promise<(Person | undefined)[]> => {
  const { status, body } = await business.find({ phrase });
  expect([status, body.totalSize]).toEqual([200, body.items.length]);
  return body.items.map(({ _id }: { _id: string }) => personOf.get(_id)).sort();
};

describe('GET /api/v1/customer/paged?phrase=', () => {
  it.each<[string, Person[]]>([
    ['anna', ['anna']],
    ['ANN', ['anna']],
    ['kowal', ['anna']],
    ['anna kowalska', ['anna']],
    ['kow ann', ['anna']],
    ['  anna   kow  ', ['anna']],
    ['anna nowak', []],
    ['owalska', []],
    ['zoe', ['zoe']],
    ['zoë', ['zoe']],
    ['ZOË', ['zoe']],
    ['muller', ['zoe']],
    ['ludensch', ['zoe']],
    ['lüdenscheidt', ['zoe']],
    ['müller-lüd', ['zoe']],
    ['lüdenscheidt müller', ['zoe']],
    ['lukasz', ['lukasz']],
    ['Łukasz', ['lukasz']],
    ["o'con", ['oconnor']],
    ['o’connor', ['oconnor']],
    ['oconnor', ['oconnor']],
    ['connor', ['oconnor']],
    ['sinead', ['oconnor']],
    ['ольга', ['olga']],
    ['ОЛЬ петр', ['olga']],
    ['йосип', ['yosyp']],
    ['їжак', ['yosyp']],
  ])('%s: names by their beginnings, case and marks folded', async (phrase, expected) => {
    expect(await found(phrase)).toEqual(expected);
  });

  it.each<[string, Person[]]>([
    ['Anna.X@example.com', ['anna']],
    ['anna.x@EXAMPLE.com', ['anna']],
    ['anna.x@ex', ['anna']],
    ['anna.x', ['anna']],
    ['Anna.com', []],
    ['anna.com', []],
    ['example.com', []],
    ['nobody@example.com', []],
  ])('%s: an email as a whole or by its beginning', async (phrase, expected) => {
    expect(await found(phrase)).toEqual(expected);
  });

  it.each<[string, Person[]]>([
    ['48512345678', ['anna']],
    ['+48 512-345-678', ['anna']],
    ['0048512345678', ['anna']],
    ['(48) 512 345 678', ['anna']],
    ['4851', ['anna']],
    ['48', ['anna', 'lukasz']],
    ['5678', ['anna']],
    ['345678', ['anna']],
    ['678', []],
    ['2345', []],
    ['4567', ['oconnor', 'zoe']],
    ['anna 5678', ['anna']],
    ['zoe 5678', []],
  ])('%s: a phone by its beginning or by its last four or more digits', async (phrase, expected) => {
    expect(await found(phrase)).toEqual(expected);
  });

  it.each(['', ' ', "'", '\u200b'])('%j asks for nothing, so everybody is found', async (phrase) => {
    expect(await found(phrase)).toHaveLength(Object.keys(PEOPLE).length);
  });

  it.each(['.*', '^a', '$where', '{"$gt":""}', '%', '\\', 'a\u0000b', '\ud800', '()[]*+?'])(
    'takes %j as text and as nothing else',
    async (phrase) => {
      expect(await found(phrase)).toEqual([]);
    },
  );

  it('finds an email as a prefix of a longer one only while nobody has it as a whole', async () => {
    const other = aBusiness();
    const { _id } = await added(other, { email: 'jo@example.community' });
    const search = async () => (await other.find({ phrase: 'jo@example.com' })).body.items;
    expect(await search()).toMatchObject([{ _id }]);
    const whole = await added(other, { email: 'jo@example.com' });
    expect(await search()).toMatchObject([{ _id: whole._id }]);
  });

  it('finds a phone as a prefix of a longer one only while nobody has it as a whole', async () => {
    const other = aBusiness();
    const { _id } = await added(other, { phone: '485123456789' });
    const search = async (phrase: string) => (await other.find({ phrase })).body.items;
    expect(await search('48512345678')).toMatchObject([{ _id }]);
    const whole = await added(other, { phone: '48512345678' });
    for (const phrase of ['48512345678', '+48 512-345-678']) {
      expect(await search(phrase)).toMatchObject([{ _id: whole._id }]);
    }
  });

  it('finds by a phrase among those of a state, a type and a time only', async () => {
    const other = aBusiness();
    const archived = await added(other, { firstName: 'Zoë', state: 'archived' });
    const guest = await added(other, { firstName: 'Zoë', customerType: 'new' });
    const search = async (filter: Readonly<Record<string, string>>) =>
      (await other.find({ phrase: 'zoe', orderDir: 'asc', ...filter })).body.items;
    const since = new Date(Date.now() - 60_000).toISOString();
    expect(await search({})).toMatchObject([{ _id: archived._id }, { _id: guest._id }]);
    expect(await search({ state: 'archived' })).toMatchObject([{ _id: archived._id }]);
    expect(await search({ customerType: 'new', updatedSince: since })).toMatchObject([{ _id: guest._id }]);
    expect(await search({ customerType: 'new', state: 'archived' })).toEqual([]);
  });

  it('finds what was written a moment ago, and no longer what was changed', async () => {
    const other = aBusiness();
    const { _id } = await added(other, { lastName: 'Before' });
    expect((await other.find({ phrase: 'before' })).body.totalSize).toBe(1);
    await other.change(_id, { lastName: 'After' });
    expect((await other.find({ phrase: 'before' })).body.totalSize).toBe(0);
    expect((await other.find({ phrase: 'after' })).body.totalSize).toBe(1);
  });
});

describe('a name that was pasted with control characters', () => {
  const DRAFTS = [
    { firstName: 'Ol\u001fa', email: 'c1@example.com', phone: '+48512345601' },
    { firstName: 'Ew\u0000a', email: 'c2@example.com', phone: '+48512345602' },
    { lastName: 'Te\u0007st', email: 'c3@example.com', phone: '+48512345603' },
  ];
  const own = aBusiness();
  beforeAll(async () => {
    for (const draft of DRAFTS) expect((await own.create(draft)).status).toBe(201);
  });

  it.each([
    ['Ola', 'c1@example.com'],
    ['Ewa', 'c2@example.com'],
    ['Test', 'c3@example.com'],
    ['E\u0007wa\u0000', 'c2@example.com'],
  ])('is found by %j', async (phrase, email) => {
    const { body } = await own.find({ phrase });
    expect(body.items).toMatchObject([{ email }]);
  });

  it('is answered without them', async () => {
    const { body } = await own.find({});
    const names = body.items.map(({ firstName, lastName }: any) => firstName ?? lastName);
    expect(names.sort()).toEqual(['Ewa', 'Ola', 'Test']);
  });
});
