import { beforeAll, describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { useService } from '#test/support/service.ts';

useService('find-customers-as-typed');
const business = aBusiness();

const PEOPLE = {
  anna: { firstName: 'Anna', lastName: 'Kowalska', email: 'anna.k@example.com', phone: '+48 512 345 678' },
  anne: { firstName: 'Anne', lastName: 'Smith', email: 'anne.s@example.com', phone: '+44 7400 123456' },
  alyona: {
    firstName: 'Алёна',
    lastName: 'Королёва',
    email: 'alena.k@example.com',
    phone: '+48 512 345 679',
  },
  jurgen: {
    firstName: 'Jürgen',
    lastName: 'Müller',
    email: 'juergen.m@example.com',
    phone: '+49 1512 3456789',
  },
  soren: { firstName: 'Søren', lastName: 'Ågård', email: 'soeren.a@example.com', phone: '+45 34 41 23 45' },
  joerg: { firstName: 'Joerg', lastName: 'Weiss', email: 'muller@mail.example', phone: '+49 1512 3456700' },
  yosyp: { firstName: 'Йосип', lastName: 'Ґалаґан', email: 'yo@mail.example', phone: '+380 50 111 22 33' },
  maria: { firstName: 'Мар’яна', lastName: 'Сало', email: 'ma@mail.example', phone: '+380 50 111 22 34' },
  fatima: { firstName: 'فاطمة', lastName: 'أحمد', email: 'fa@mail.example', phone: '+48 600 100 201' },
  shalom: { firstName: 'שלום', lastName: 'כהן', email: 'sh@mail.example', phone: '+48 600 100 202' },
  nikos: { firstName: 'Νίκος', lastName: 'Παπάς', email: 'ni@mail.example', phone: '+48 600 100 203' },
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
  expect(status).toBe(200);
  return body.items.map(({ _id }: { _id: string }) => personOf.get(_id)).sort();
};

describe('a phrase as people type it', () => {
  it.each<[string, Person[]]>([
    ['Kowalska, Anna', ['anna']],
    ['Kowalska,Anna', ['anna']],
    ['"Anna Kowalska"', ['anna']],
    ['„Anna” «Kowalska»', ['anna']],
    ['Anna Kowalska <anna.k@example.com>', ['anna']],
    ['Anna<anna.k@example.com>;', ['anna']],
    ['mailto:anna.k@example.com', ['anna']],
    ['(Anna) Kowalska', ['anna']],
    ['Anna - Kowalska.', ['anna']],
    ['Anna 512 345 678', ['anna']],
    ['Kowalska (512-345-678), Anna', ['anna']],
    ['Smith 512 345 678', []],
    ['tel:+48512345678', ['anna']],
    ['tel: +48 512 345 678 Kowalska', ['anna']],
    ['+44 (0)7400 123456', ['anne']],
    ['Anne, +44(0)7400', ['anne']],
  ])('%s: signs around words are no part of them, and a phone may be anywhere', async (phrase, expected) => {
    expect(await found(phrase)).toEqual(expected);
  });

  it.each<[string, Person[]]>([
    ['Алена Королева', ['alyona']],
    ['Алёна Королёва', ['alyona']],
    ['Mueller', ['jurgen']],
    ['Muller', ['joerg', 'jurgen']],
    ['Müller', ['joerg', 'jurgen']],
    ['Juergen Mue', ['jurgen']],
    ['Jörg Weiß', ['joerg']],
    ['Soeren Aagaard', ['soren']],
    ['Soren Agard', ['soren']],
    ['søren ågård', ['soren']],
    ['Joe', ['joerg']],
    ['Soe', ['soren']],
    ['Anna', ['anna']],
    ['Anne', ['anne']],
    ['Anno', []],
    ['Галаган', ['yosyp']],
    ['Йосип', ['yosyp']],
    ['Иосип', []],
    ["мар'яна", ['maria']],
    ['Маряна', ['maria']],
    ['فاطمه احمد', ['fatima']],
    ['فَاطِمَة إحمد', ['fatima']],
    ['שָׁלוֹם כהנ', ['shalom']],
    ['νικοσ ΠΑΠΑΣ', ['nikos']],
  ])('%s: the usual spellings of a name are one', async (phrase, expected) => {
    expect(await found(phrase)).toEqual(expected);
  });

  it.each<[string, Person[]]>([
    ['soeren.a@', ['soren']],
    ['soren.a@', []],
    ['juergen.m', ['jurgen']],
    ['jurgen.m', []],
  ])('%s: an email has one spelling', async (phrase, expected) => {
    expect(await found(phrase)).toEqual(expected);
  });

  it('finds by each letter that is typed of a name in another spelling', async () => {
    for (const typed of ['m', 'mu', 'mue', 'muel', 'mueller', 'mueller, j', 'mueller, jürgen']) {
      expect([typed, (await found(typed)).includes('jurgen')]).toEqual([typed, true]);
    }
  });

  it('sorts by the name as it is written', async () => {
    const other = aBusiness();
    for (const lastName of ['Mueller', 'Mud', 'Mufa']) await added(other, { lastName });
    const { body } = await other.find({ orderBy: 'name', orderDir: 'asc' });
    expect(body.items.map(({ lastName }: any) => lastName)).toEqual(['Mud', 'Mueller', 'Mufa']);
  });
});
