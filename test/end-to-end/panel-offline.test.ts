import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { aClientId, type HttpAnswer, serveBundles, type Served } from '#test/support/served.ts';
import { SEED } from '#test/support/seed.ts';

const path = '/api/v1/customer';

/** What the panel keeps in the browser of one customer: its fields, and whether they still have to be sent. */
type Copy = { fields: Record<string, any>; isUnsent: boolean; message?: string };

const PAGE_SIZE = 20;

/** What the panel's phone field makes of the digits in it: E.164, with the chosen country code if it sees no plus. */
const inPhoneField = (text: string, countryCode: string): string =>
  text.startsWith('+') ? text : `+${countryCode}${text}`;

/**
 * One desk with the panel open, as the panel's sync code behaves. It edits its own copies, also offline, and pushes whole
 * documents one after the other. After a 400 it reads the record and overwrites its own edit; after any other refusal it
 * keeps the edit, shows the message and goes on.
 */
const aDesk = (served: Served) => {
  const copies = new Map<string, Copy>();
  const keep = (fields: any): void => {
    copies.set(fields._id, { fields, isUnsent: false });
  };
  const copyOf = (id: string): Copy => {
    const copy = copies.get(id);
    if (copy === undefined) throw new Error('This desk has no copy of this customer.');
    return copy;
  };
  const pull = async (id: string): Promise<any> => {
    const { body } = await served.request('GET', `${path}/${id}`);
    keep(body);
    return body;
  };
  const pushOne = async (id: string): Promise<HttpAnswer> => {
    const copy = copyOf(id);
    const answer = await served.request('PUT', `${path}/${id}`, { body: copy.fields });
    if (answer.status === 200) keep(answer.body);
    else if (answer.status === 400) await pull(id);
    else copies.set(id, { ...copy, message: answer.body.message });
    return answer;
  };
  return {
    copyOf,
    pull,
    /** Pulls every page, as after signing in. */
    async pullAll(): Promise<void> {
      for (let page = 1, isLast = false; !isLast; page += 1) {
        const { body } = await served.request(
          'GET',
          `${path}/paged?page=${String(page)}&pageSize=${String(PAGE_SIZE)}`,
        );
        for (const fields of body.items) keep(fields);
        isLast = body.items.length < PAGE_SIZE;
      }
    },
    /** The ids of the copies with this phone. The panel compares the texts. */
    withPhone: (phone: string): string[] =>
      [...copies].filter(([, { fields }]) => fields['phone'] === phone).map(([id]) => id),
    edit(id: string, changes: object): void {
      copies.set(id, { fields: { ...copyOf(id).fields, ...changes }, isUnsent: true });
    },
    /** Sends every edit that is not sent yet, in order, and gives the statuses. */
    async push(): Promise<number[]> {
      const statuses: number[] = [];
      for (const [id, { isUnsent }] of copies) if (isUnsent) statuses.push((await pushOne(id)).status);
      return statuses;
    },
  };
};

describe('a desk that edits offline loses nothing', () => {
  let served: Served;
  let serial = 0;

  const created = async (overrides: object = {}): Promise<any> => {
    serial += 1;
    const digits = String(serial).padStart(7, '0');
    const body = {
      _id: aClientId(),
      firstName: 'Anna',
      lastName: `Offline${digits}`,
      email: `offline.${digits}@example.com`,
      phone: `4852${digits}`,
      note: null,
      customerType: 'regular',
      ...overrides,
    };
    const answer = await served.request('POST', path, { body });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const read = async (id: string): Promise<any> => (await served.request('GET', `${path}/${id}`)).body;

  beforeAll(async () => {
    served = await serveBundles('panel-offline');
  }, 120_000);
  afterAll(() => served.stop());

  it.each(['email', 'phone'])(
    'keeps an edit whose %s another customer has, and sends the next',
    async (field) => {
      const [other, one, next] = [await created(), await created(), await created()];
      const desk = aDesk(served);
      await desk.pull(one._id);
      await desk.pull(next._id);
      desk.edit(one._id, { [field]: other[field], note: 'typed offline' });
      desk.edit(next._id, { note: 'behind it' });
      expect(await desk.push()).toEqual([409, 200]);
      expect(desk.copyOf(one._id).fields).toMatchObject({ [field]: other[field], note: 'typed offline' });
      expect(desk.copyOf(one._id).message).toMatch(/^Another customer of this business has this/);
      expect((await read(next._id)).note).toBe('behind it');
      await served.request('DELETE', `${path}/${other._id}`);
      expect(await desk.push()).toEqual([200]);
      expect(await read(one._id)).toMatchObject({ [field]: other[field], note: 'typed offline' });
    },
  );

  it('hears that a purged record is gone whatever its edit looks like, and does not send it for ever', async () => {
    const customer = await created();
    const desk = aDesk(served);
    await desk.pull(customer._id);
    const gone = aClientId();
    // After a 400 the panel reads the record and, when that is gone, sends the same edit again.
    for (const edit of [
      { note: 'typed offline' },
      { note: 'x'.repeat(200_000) },
      { email: 'Anna.com' },
      { nick: 'A' },
    ]) {
      const answer = await served.request('PUT', `${path}/${gone}`, {
        body: { ...desk.copyOf(customer._id).fields, ...edit },
      });
      expect([answer.status, answer.body.code]).toEqual([404, 'customer-not-found']);
    }
  });

  it.each([
    ['letters', 'x'],
    ['letters of 3 bytes', '語'],
    ['pairs of surrogates', '\u{1F600}'],
    ['characters that JSON escapes', '\u0001'],
  ])('saves a note of 20,000 %s, and keeps all of it', async (_what, unit) => {
    const customer = await created();
    const desk = aDesk(served);
    await desk.pull(customer._id);
    // A character that shows something: a text without one would clear the note.
    const note = `a${unit.repeat(19_998 / unit.length)}z`;
    desk.edit(customer._id, { note });
    expect(await desk.push()).toEqual([200]);
    expect(await read(customer._id)).toMatchObject({ note });
  });

  /** The copy after a move at the desk: the panel adds the entry by its own clock. */
  const moved = ({ fields }: Copy, state: string, clockMs: number) => ({
    state,
    stateHistory: [...fields['stateHistory'], { state, setAt: new Date(clockMs).toISOString() }],
  });

  it('takes moves by a clock that is behind, in their order, and the same copy again as nothing new', async () => {
    const customer = await created();
    const desk = aDesk(served);
    await desk.pull(customer._id);
    const [{ setAt }] = customer.stateHistory;
    const behindMs = Date.parse(setAt) - 3_600_000;
    desk.edit(customer._id, moved(desk.copyOf(customer._id), 'archived', behindMs));
    desk.edit(customer._id, moved(desk.copyOf(customer._id), 'active', behindMs + 60_000));
    const lost = desk.copyOf(customer._id).fields;
    expect(await desk.push()).toEqual([200]);
    const stateHistory = ['active', 'archived', 'active'].map((state) => ({ state, setAt }));
    expect(await read(customer._id)).toMatchObject({ state: 'active', stateHistory });
    await served.request('DELETE', `${path}/${customer._id}`);
    // The answer was lost on the way, so the panel sends the copy once more.
    const again = await served.request('PUT', `${path}/${customer._id}`, { body: lost });
    expect([again.status, again.body.state]).toEqual([200, 'deleted']);
  });

  it('keeps the newest 200 moves of a longer history', async () => {
    const customer = await created();
    const desk = aDesk(served);
    await desk.pull(customer._id);
    for (let index = 1; index <= 250; index += 1) {
      const state = index % 2 === 0 ? 'active' : 'inactive';
      desk.edit(customer._id, moved(desk.copyOf(customer._id), state, Date.now() + index));
    }
    const { stateHistory } = desk.copyOf(customer._id).fields;
    expect(await desk.push()).toEqual([200]);
    expect((await read(customer._id)).stateHistory).toEqual(stateHistory.slice(-200));
  });

  it('sets the note of a stale copy, and does not bring a customer back that another desk deleted', async () => {
    const customer = await created();
    const desk = aDesk(served);
    await desk.pull(customer._id);
    await served.request('DELETE', `${path}/${customer._id}`);
    desk.edit(customer._id, { note: 'typed offline' });
    expect(desk.copyOf(customer._id).fields['state']).toBe('active');
    expect(await desk.push()).toEqual([200]);
    const after = await read(customer._id);
    expect(after).toMatchObject({ state: 'deleted', note: 'typed offline' });
    expect(after.stateHistory.map(({ state }: { state: string }) => state)).toEqual(['active', 'deleted']);
    desk.edit(customer._id, moved(desk.copyOf(customer._id), 'active', Date.now() + 1));
    expect(await desk.push()).toEqual([200]);
    expect((await read(customer._id)).state).toBe('active');
  });

  it('pulls what another desk changed, however far its own clock is ahead', async () => {
    const customer = await created();
    for (const aheadMs of [0, 600_000, 86_400_000]) {
      const updatedSince = new Date(Date.now() + aheadMs).toISOString();
      const { body } = await served.request(
        'GET',
        `${path}/paged?${new URLSearchParams({ updatedSince, pageSize: '1000' }).toString()}`,
      );
      expect(body.items.map(({ _id }: { _id: string }) => _id)).toContain(customer._id);
    }
  });

  it('keeps email, phone and note when a desk whose role saw masks sends them back', async () => {
    const customer = await created({ note: 'knows the owner' });
    const masked = await served.request('GET', `${path}/${customer._id}`, { role: 'SUPPORT' });
    expect(masked.body).toMatchObject({ note: '•••', email: expect.stringContaining('•••') });
    const body = { ...masked.body, firstName: 'Ania' };
    const answer = await served.request('PUT', `${path}/${customer._id}`, { body });
    expect(answer.status).toBe(200);
    const { email, phone, note } = customer;
    expect(await read(customer._id)).toMatchObject({ firstName: 'Ania', email, phone, note });
  });

  it('keeps an edit whose move is not possible now, and can send it later', async () => {
    const customer = await created({ state: 'archived' });
    const desk = aDesk(served);
    await desk.pull(customer._id);
    desk.edit(customer._id, { state: 'suspended', stateHistory: [], note: 'typed offline' });
    expect(await desk.push()).toEqual([409]);
    expect(desk.copyOf(customer._id).fields).toMatchObject({ state: 'suspended', note: 'typed offline' });
    await served.request('PUT', `${path}/${customer._id}`, { body: { state: 'active' } });
    expect(await desk.push()).toEqual([200]);
    expect(await read(customer._id)).toMatchObject({ state: 'suspended', note: 'typed offline' });
  });

  describe('and its phones', () => {
    const DRAWN = 60;
    const drawnPhone = fc
      .tuple(fc.constantFrom('', '+'), fc.constantFrom('48', '380'), fc.integer({ min: 0, max: 999_999_999 }))
      .map(([plus, code, number]) => `${plus}${code}${String(number).padStart(9, '0')}`);
    const digitsOf = (phone: string): string => phone.replace('+', '');
    const paged = async (query: Record<string, string>): Promise<any> =>
      (await served.request('GET', `${path}/paged?${new URLSearchParams(query).toString()}`)).body;

    it.each([
      ['512 000 111', '48'],
      ['67 200 01 11', '380'],
    ])('are found again by their text, so that %s in +%s makes no second customer', async (typed, code) => {
      const phone = inPhoneField(typed.replaceAll(' ', ''), code);
      const [one, other] = [aDesk(served), aDesk(served)];
      /** A visitor gives a phone at the desk: the panel looks among its copies before it makes a customer. */
      const visit = async (desk: typeof one): Promise<string[]> => {
        await desk.pullAll();
        if (desk.withPhone(phone).length === 0) await created({ phone });
        await desk.pullAll();
        return desk.withPhone(phone);
      };
      const [id, ...more] = await visit(one);
      expect(more).toEqual([]);
      const { totalSize } = await paged({});
      expect(await visit(other)).toEqual([id]);
      expect(await visit(one)).toEqual([id]);
      expect(await paged({})).toMatchObject({ totalSize });
      expect(await paged({ phrase: phone })).toMatchObject({ items: [{ _id: id, phone }], totalSize: 1 });
    });

    it.each(['+48512000222', '48512000333', '+380672000222', '380672000333', '512000444'])(
      'are sent back as answered after %s was sent, and the version stays',
      async (phone) => {
        const { _id } = await created({ phone });
        const desk = aDesk(served);
        await desk.pullAll();
        const pulled = desk.copyOf(_id).fields;
        desk.edit(_id, {});
        expect(await desk.push()).toEqual([200]);
        expect(desk.copyOf(_id).fields).toEqual(pulled);
        expect(await read(_id)).toEqual(pulled);
      },
    );

    it('are refused with their country code twice, and stay as they were', async () => {
      const customer = await created({ phone: '48512000555' });
      const desk = aDesk(served);
      const { phone: shown } = await desk.pull(customer._id);
      const phone = inPhoneField(shown, '48');
      expect(phone).toBe('+4848512000555');
      for (const [method, of, body] of [
        ['PUT', `/${String(customer._id)}`, { ...customer, phone }],
        ['PATCH', `/${String(customer._id)}`, { phone }],
        ['POST', '', { firstName: 'Anna', customerType: 'new', phone }],
      ] as const) {
        const headers = { 'if-match': '*' };
        const answer = await served.request(method, `${path}${of}`, { body, headers });
        expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
        expect(answer.body.errors).toEqual([
          expect.objectContaining({
            pointer: '#/phone',
            message: 'This phone has its country code twice. Write it once.',
          }),
        ]);
      }
      desk.edit(customer._id, { phone });
      expect(await desk.push()).toEqual([400]);
      expect(desk.copyOf(customer._id).fields).toEqual(customer);
    });

    it('pass as its own tests draw them, any nine digits after 48 or 380, and come back text by text; the code twice does not', async () => {
      process.stdout.write(`panel-offline: ${String(DRAWN)} random phones, seed ${String(SEED)}\n`);
      const [phones = []] = fc.sample(
        fc.uniqueArray(drawnPhone, { ...{ minLength: DRAWN, maxLength: DRAWN }, selector: digitsOf }),
        { numRuns: 1, seed: SEED },
      );
      const saved = new Map<string, string>();
      for (const phone of phones) saved.set(phone, (await created({ phone }))._id);
      const desk = aDesk(served);
      await desk.pullAll();
      for (const [phone, id] of saved) {
        expect(desk.withPhone(phone)).toEqual([id]);
        if (!phone.startsWith('+')) {
          const twice = inPhoneField(phone, phone.startsWith('380') ? '380' : '48');
          const { status, body } = await served.request('PUT', `${path}/${id}`, { body: { phone: twice } });
          expect([status, body.errors]).toMatchObject([400, [{ pointer: '#/phone' }]]);
        }
        desk.edit(id, { note: 'seen' });
      }
      expect(new Set(await desk.push())).toEqual(new Set([200]));
      await desk.pullAll();
      for (const [phone, id] of saved) expect(desk.withPhone(phone)).toEqual([id]);
    });
  });
});
