import { describe, expect, it } from '@jest/globals';
import {
  changeCustomer,
  changedFields,
  type Customer,
  type CustomerFields,
  moveCustomer,
  newCustomer,
  stateOf,
  writtenStateOf,
} from '#lib/domain/customers/customer.ts';
import type { StateEntry, WrittenState } from '#lib/domain/customers/customer-state.ts';
import type { Refusal } from '#lib/domain/errors.ts';
import { aCustomer, after, ID, refusalOf, rules, someFields, START } from '../samples.ts';

const create = (fields: CustomerFields, settings = {}): Customer => newCustomer(ID, fields, rules(settings));
const change = (customer: Customer, fields: CustomerFields, settings = {}): Customer =>
  changeCustomer(customer, fields, rules(settings, after(60)));
const history = (...states: WrittenState[]): StateEntry[] =>
  states.map((state, index) => ({ state, setAt: after(index - 100) }));

describe('a new customer', () => {
  it('has every field, version 0, and starts its timeline now', () => {
    expect(aCustomer({ note: '  as is  ' })).toEqual({
      id: ID,
      firstName: 'Anna',
      lastName: 'Kowalska',
      phone: '+48512345678',
      email: 'Anna@example.com',
      note: '  as is  ',
      customerType: 'regular',
      stateHistory: [{ state: 'active', setAt: START }],
      createdAt: START,
      updatedAt: START,
      version: 0,
    });
  });

  it('trims names, email and phone, and turns blank texts into null', () => {
    const customer = aCustomer({
      firstName: ' Zoë ',
      lastName: ' \t',
      email: ' a@b.cd\n',
      phone: ' 48512345678 ',
      note: ' ',
    });
    expect(customer).toMatchObject({
      firstName: 'Zoë',
      lastName: null,
      email: 'a@b.cd',
      phone: '48512345678',
      note: null,
    });
  });

  it('keeps a name on one line, however it was pasted', () => {
    const { firstName, lastName } = aCustomer({
      firstName: 'Anna\r\nMaria',
      lastName: '\tvan \u00a0 Dyk\u2028',
    });
    expect([firstName, lastName]).toEqual(['Anna Maria', 'van Dyk']);
  });

  it.each([
    ['Ol\u001fa', 'Ola'],
    ['Ew\u0000a', 'Ewa'],
    ['Te\u0007st', 'Test'],
    ['\u0000Jan\u009f', 'Jan'],
    ['Jan\u0085Maria', 'Jan Maria'],
    ['Jan\u001b \u007f\tMaria\u0000\n', 'Jan Maria'],
    ['\ufeffJa\ufeffn', 'Jan'],
  ])('keeps control characters out of a name: %j is stored as %s', (pasted, stored) => {
    const { firstName, lastName } = aCustomer({ firstName: pasted, lastName: pasted });
    expect([firstName, lastName]).toEqual([stored, stored]);
  });

  it('keeps tabs, line breaks and control characters in a note', () => {
    const note = ' a\tb\r\nc\u0085d\u0000 ';
    expect(aCustomer({ note }).note).toBe(note);
  });

  it.each(['\u200b', '\ufeff \u00ad', '\u0000\u0007', '\u202e', '\u3164', '\u{e0041}'])(
    'takes %j, which nobody can see, for nothing at all',
    (invisible) => {
      const fields = { firstName: invisible, lastName: invisible, note: invisible };
      expect(aCustomer(fields)).toMatchObject({ firstName: null, lastName: null, note: null });
      const errors = refusalOf(() => create({ ...fields, customerType: 'new' })).errors;
      expect(errors).toEqual(['contact-required']);
    },
  );

  it('keeps what joins letters and emoji, and what is written from right to left', () => {
    const names = { firstName: '\u0646\u0627\u0645\u200c\u0647', lastName: '👩‍🎨❤️', note: '\u202bשלום\u202c' };
    expect(aCustomer(names)).toMatchObject(names);
  });

  it('takes an email without the invisible things that come along when it is pasted', () => {
    expect(aCustomer({ email: '\u2066\u200ba@b.cd\ufeff ' }).email).toBe('a@b.cd');
    expect(aCustomer({ email: '\u0000a\u001f@b.cd\u0007\t' }).email).toBe('a@b.cd');
  });

  it('leaves a name that was stored otherwise as it is until it is changed', () => {
    const stored = { ...aCustomer({}), firstName: 'Anna\nMaria' };
    expect(change(stored, { note: 'new' }).firstName).toBe('Anna\nMaria');
  });

  it('keeps half a surrogate pair out, which no database could give back', () => {
    expect(aCustomer({ note: 'a\ud800' }).note).toBe('a\ufffd');
  });

  it.each(['active', 'suspended', 'inactive', 'archived', 'deleted'] as const)('may start as %s', (state) => {
    const customer = aCustomer({ state });
    expect(writtenStateOf(customer)).toBe(state);
    expect(customer.stateHistory).toEqual([{ state, setAt: START }]);
  });

  it('takes an empty history as none, and another one verbatim', () => {
    const given = history('active', 'inactive');
    expect(aCustomer({ stateHistory: [], state: 'active' }).stateHistory).toHaveLength(1);
    expect(aCustomer({ stateHistory: given }).stateHistory).toEqual(given);
    expect(stateOf(aCustomer({ stateHistory: given, state: 'suspended' }))).toBe('suspended');
  });

  it('says everything that is wrong at once, and no value', () => {
    const fields = {
      email: 'Anna.com',
      phone: '5547778321',
      state: 'active',
      stateHistory: history('deleted'),
    } as const;
    expect(refusalOf(() => create(fields))).toEqual({
      code: 'invalid-request',
      errors: ['email-format', 'phone-format', 'history-state'],
      pointers: ['#/email', '#/phone', '#/state'],
    });
    try {
      create(fields);
    } catch (error) {
      expect(JSON.stringify([(error as Refusal).message, (error as Refusal).details])).not.toMatch(
        /Anna|5547/,
      );
    }
  });
});

describe('what a customer must have', () => {
  const cases: [string, CustomerFields, string[]][] = [
    [
      'regular, names only',
      { firstName: 'A', lastName: 'B', email: '', phone: null },
      ['regular-requires-email', 'regular-requires-phone'],
    ],
    ['regular, email only', { email: 'a@b.cd' }, ['regular-requires-phone']],
    ['regular, phone only', { phone: '48512345678' }, ['regular-requires-email']],
    ['regular, phone and email', { phone: '48512345678', email: 'a@b.cd' }, []],
    ['regular, a bad email', { phone: '48512345678', email: 'a@b' }, ['email-format']],
    ['unregistered, nothing', { customerType: 'unregistered', note: 'tall' }, ['contact-required']],
    [
      'unregistered, blank texts',
      { customerType: 'unregistered', firstName: ' ', phone: '' },
      ['contact-required'],
    ],
    ['new, the first name', { customerType: 'new', firstName: 'A' }, []],
    ['new, the last name', { customerType: 'new', lastName: 'B' }, []],
    ['new, an email', { customerType: 'new', email: 'a@b.cd' }, []],
    ['new, a phone', { customerType: 'new', phone: '48512345678' }, []],
    ['new, a bad phone', { customerType: 'new', phone: '123' }, ['phone-format']],
    ['anonymous, nothing', { customerType: 'anonymous' }, []],
    ['anonymous, a bad email', { customerType: 'anonymous', email: 'x' }, ['email-format']],
  ];
  it.each(cases)('%s', (_, fields, errors) => {
    if (errors.length === 0) expect(create(fields)).toMatchObject({ id: ID });
    else expect(refusalOf(() => create(fields)).errors).toEqual(errors);
  });

  const lenient: [string, CustomerFields, string[]][] = [
    ['an email is enough', { email: 'a@b.cd' }, []],
    ['a phone is enough', { phone: '48512345678' }, []],
    ['names are not', { firstName: 'A', lastName: 'B' }, ['regular-requires-email-or-phone']],
    [
      'a bad email beside a phone is still a bad email',
      { email: 'x', phone: '48512345678' },
      ['email-format'],
    ],
  ];
  it.each(lenient)('where the business asks regular ones for email or phone: %s', (_, fields, errors) => {
    const step = () => create(fields, { regularRequires: 'email-or-phone' });
    if (errors.length === 0) expect(step()).toMatchObject({ id: ID });
    else expect(refusalOf(step).errors).toEqual(errors);
  });

  it.each<[string, CustomerFields, object, string[]]>([
    ['both of them', { firstName: 'A' }, {}, ['#/email', '#/phone']],
    ['one of them', { firstName: 'A' }, { regularRequires: 'email-or-phone' }, ['#/email']],
    ['anything', { customerType: 'new' }, {}, ['#']],
  ])('is asked for where it is missing: %s', (_what, fields, settings, places) => {
    const missing = { firstName: null, lastName: null, email: null, phone: null, ...fields };
    expect(refusalOf(() => create(missing, settings)).pointers).toEqual(places);
    try {
      create(missing, settings);
    } catch (error) {
      for (const violation of (error as Refusal).details.violations ?? [])
        expect(violation).toMatchObject({ in: 'body', message: expect.stringMatching(/\.$/) });
    }
  });

  it('judges a short phone by the business’s own country', () => {
    const fields = { customerType: 'new', phone: '020 7946 095' } as const;
    expect(refusalOf(() => create(fields)).errors).toEqual(['phone-format']);
    expect(create({ ...fields, phone: '20 7946 0958' }, { defaultCountry: 'GB' }).phone).toBe('442079460958');
  });
});

describe('changing a customer', () => {
  it('sets what is there, leaves what is not, clears null and blank', () => {
    const before = aCustomer({ note: 'tall' });
    const changed = change(before, { firstName: 'Ania', lastName: null, note: '', email: undefined });
    expect(changed).toEqual({
      ...before,
      firstName: 'Ania',
      lastName: null,
      note: null,
      version: 1,
      updatedAt: after(60),
    });
  });

  it.each([
    ['48512345678', '48512345678'],
    ['0048 512 345 678', '48512345678'],
    ['512 345 678', '48512345678'],
    ['+48 (0) 512 345 678', '+48512345678'],
    ['+48 600 700 800', '+48600700800'],
  ])('answers the phone %s as %s: with a plus exactly when it was given with one', (given, phone) => {
    expect(change(aCustomer(), { phone: given }).phone).toBe(phone);
    expect(change(aCustomer({ phone: '48512345678' }), { phone: given }).phone).toBe(phone);
  });

  it.each(['PL', 'DE', 'US', 'MX'])(
    'keeps a phone that is sent back as it was answered, in %s',
    (country) => {
      const settings = { defaultCountry: country };
      for (const phone of ['+48512345678', '48512345678', '4532123456', '512345678', '123'])
        for (const sent of [phone, ` ${phone.slice(0, 3)} ${phone.slice(3)} `])
          expect(change({ ...aCustomer(), phone }, { phone: sent }, settings).phone).toBe(phone);
    },
  );

  it('answers the same object when nothing changes', () => {
    const before = aCustomer({ stateHistory: history('active', 'inactive') });
    const same = { ...someFields(), phone: '+48 512-345-678', stateHistory: history('active', 'inactive') };
    for (const fields of [
      {},
      same,
      { stateHistory: [] },
      { state: 'suspended' },
      { state: 'inactive' },
    ] as const) {
      expect(change(before, fields)).toBe(before);
    }
  });

  it('moves the state and adds one entry, spelled as asked', () => {
    const changed = change(aCustomer(), { state: 'inactive', stateHistory: [] });
    expect(changed.stateHistory).toEqual([
      { state: 'active', setAt: START },
      { state: 'inactive', setAt: after(60) },
    ]);
    expect(stateOf(changed)).toBe('suspended');
  });

  it('refuses a step that is none', () => {
    const step = () => change(aCustomer({ state: 'archived' }), { state: 'inactive', firstName: 'B' });
    expect(refusalOf(step).code).toBe('illegal-transition');
  });

  it('takes a timeline verbatim, whatever state the customer is in', () => {
    const given = history('active', 'archived', 'active', 'suspended');
    expect(change(aCustomer({ state: 'archived' }), { stateHistory: given }).stateHistory).toEqual(given);
  });

  it('takes a timeline out of order in its order, with times lifted', () => {
    const given = history('active', 'archived', 'active').toReversed();
    const changed = change(aCustomer(), { state: 'active', stateHistory: given });
    expect(changed.stateHistory).toEqual(given.map(({ state }) => ({ state, setAt: given[0]?.setAt })));
    expect(change(changed, { stateHistory: given })).toBe(changed);
    expect(aCustomer({ stateHistory: given }).stateHistory).toEqual(changed.stateHistory);
  });

  it('takes a longer timeline as the newest 200 entries', () => {
    const long = history(...Array<WrittenState>(200).fill('active'), 'deleted');
    const changed = change(aCustomer(), { stateHistory: long });
    expect(changed.stateHistory).toEqual(long.slice(1));
    expect(change(changed, { stateHistory: long })).toBe(changed);
    expect(aCustomer({ stateHistory: long }).stateHistory).toEqual(long.slice(1));
  });

  it('sets the fields of a stale copy and moves no state, whatever the copy says', () => {
    const before = aCustomer({ stateHistory: history('active', 'suspended', 'deleted') });
    for (const state of ['active', 'suspended', 'archived', 'deleted', undefined] as const) {
      const stale = { state, stateHistory: history('active', 'suspended'), note: `as ${String(state)}` };
      const changed = change(before, stale);
      expect(changed).toEqual({ ...before, note: stale.note, version: 1, updatedAt: after(60) });
    }
    expect(change(before, { state: 'active', stateHistory: history('active') })).toBe(before);
    const returned = {
      state: 'active',
      stateHistory: history('active', 'suspended', 'deleted', 'active'),
    } as const;
    expect(stateOf(change(before, returned))).toBe('active');
  });

  it('sets nothing by the mask of what a field holds', () => {
    const before = aCustomer({ email: 'anna@example.com', phone: '48512345678', note: 'n' });
    const masks = { email: 'a•••@•••.com', phone: '•••78', note: '•••' };
    expect(change(before, masks)).toBe(before);
    expect(change(before, { ...masks, firstName: 'B' })).toMatchObject({
      ...{ firstName: 'B', email: 'anna@example.com', phone: '48512345678', note: 'n' },
    });
  });

  it('sets or judges a mask of anything else as any other text', () => {
    const before = aCustomer({ email: 'anna@example.com', phone: '48512345678', note: null });
    expect(change(before, { note: '•••' }).note).toBe('•••');
    const wrong = { email: 'b•••@•••.com', phone: '•••79' };
    expect(refusalOf(() => change(before, wrong)).errors).toEqual(['email-format', 'phone-format']);
    expect(refusalOf(() => create({ email: '•••@•••', phone: '•••' })).errors).toEqual([
      'email-format',
      'phone-format',
    ]);
  });

  it('keeps an email or phone that stays out of its rules, and judges one that changes', () => {
    const before = { ...aCustomer(), email: 'older than the rule', phone: '123' };
    const kept = { email: 'older than the rule', phone: '123', note: 'n' };
    expect(change(before, kept).note).toBe('n');
    expect(refusalOf(() => change(before, { email: 'Anna.com', phone: '48123' })).errors).toEqual([
      'email-format',
      'phone-format',
    ]);
  });

  it('asks what must be there only when a name, email, phone or the type changes', () => {
    const before = newCustomer(ID, { email: 'a@b.cd' }, rules({ regularRequires: 'email-or-phone' }));
    expect(change(before, { note: 'n' }).note).toBe('n');
    expect(stateOf(change(before, { state: 'deleted' }))).toBe('deleted');
    expect(change(before, { email: 'a@b.cd' })).toBe(before);
    expect(refusalOf(() => change(before, { firstName: 'B' })).errors).toEqual(['regular-requires-phone']);
    expect(refusalOf(() => change(aCustomer(), { phone: null })).errors).toEqual(['regular-requires-phone']);
    expect(change(before, { firstName: 'B', customerType: 'new' }).customerType).toBe('new');
  });

  it('changes the fields of a deleted customer', () => {
    expect(change(aCustomer({ state: 'deleted' }), { firstName: 'B' }).firstName).toBe('B');
  });
});

describe('moving a customer', () => {
  it('adds an entry, or answers the same object for the same state', () => {
    const before = aCustomer();
    const moved = moveCustomer(before, 'deleted', after(5));
    expect(moved).toMatchObject({ version: 1, updatedAt: after(5) });
    expect(moved.stateHistory.at(-1)).toEqual({ state: 'deleted', setAt: after(5) });
    expect(moveCustomer(moved, 'deleted', after(6))).toBe(moved);
  });

  it('refuses a step that is none', () => {
    const archived = aCustomer({ state: 'archived' });
    expect(refusalOf(() => moveCustomer(archived, 'suspended', after(5))).code).toBe('illegal-transition');
  });

  it('keeps the newest 200 entries', () => {
    const full = Array.from({ length: 200 }, (_, index) => ({
      state: 'active' as const,
      setAt: after(index),
    }));
    const moved = moveCustomer(aCustomer({ stateHistory: full }), 'deleted', after(500));
    expect(moved.stateHistory).toEqual([...full.slice(1), { state: 'deleted', setAt: after(500) }]);
  });

  it('never adds an entry that is earlier than the last one, so that the timeline can be sent back', () => {
    const ahead = aCustomer({ stateHistory: [{ state: 'active', setAt: after(3_600) }] });
    const moved = moveCustomer(ahead, 'deleted', after(1));
    expect(moved.stateHistory.at(-1)).toEqual({ state: 'deleted', setAt: after(3_600) });
    expect(moved.updatedAt).toEqual(after(1));
    expect(changeCustomer(moved, { stateHistory: moved.stateHistory }, rules())).toBe(moved);
  });
});

describe('the names of changed fields', () => {
  it('are those that differ', () => {
    const before = aCustomer();
    const changed = change(before, { firstName: 'B', note: 'n', customerType: 'new', state: 'archived' });
    expect(changedFields(before, changed)).toEqual([
      'firstName',
      'note',
      'customerType',
      'state',
      'stateHistory',
    ]);
    expect(changedFields(before, before)).toEqual([]);
    const later = { ...before, stateHistory: [{ state: 'active' as const, setAt: after(1) }] };
    expect(changedFields(before, later)).toEqual(['stateHistory']);
  });

  it('hold the timeline but not the state when only its spelling differs', () => {
    const before = aCustomer({ state: 'suspended' });
    const changed = change(before, { stateHistory: [{ state: 'inactive', setAt: START }] });
    expect(changedFields(before, changed)).toEqual(['stateHistory']);
  });
});
