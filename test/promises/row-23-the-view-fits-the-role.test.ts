import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { contract as bulkContract } from '#functions/customers/apply-operations/contract.ts';
import { contract as createContract } from '#functions/customers/create-customer/contract.ts';
import { createCustomer } from '#functions/customers/create-customer/create-customer.ts';
import { Problem } from '#lib/contract/problem-body.ts';
import { isPermitted } from '#lib/contract/permissions.ts';
import { ORDERS } from '#lib/contract/paging.ts';
import { type Role, ROLES } from '#lib/domain/access/scope.ts';
import { HIDEABLE_FIELDS, hiddenFrom } from '#lib/domain/access/hidden-fields.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { operation, serveBulk } from '#lib/serve/serve-bulk.ts';
import { serve } from '#lib/serve/serve.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { makeDue } from '#test/support/due.ts';
import { addMany } from '#test/support/many-customers.ts';
import { report } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { goodRequest, handlerOf, routes } from '#test/support/routes.ts';
import { type Answer, call, run, useService } from '#test/support/service.ts';

const service = useService('row-23');

const OPEN = {
  firstName: 'Zuzanna',
  lastName: 'Wiśniewska',
  email: 'Hidden.Canary@mail.example',
  phone: '48512345678',
  note: 'allergic to canaries',
};
const MASKED = { email: 'H•••@•••.example', phone: '•••78', note: '•••' } as const;

const steps = { customers, settingsOf, now: () => new Date() };
const create = defineRoute({
  ...createContract,
  permission: 'READ_CUSTOMER',
  name: 'create-as-anybody',
});
/** Routes that no contract has: they create a customer, and each role may call them, alone and in a bulk. */
const OPEN_TO_ALL = () => [
  { name: 'alone', handler: serve(create, createCustomer(steps)), body: OPEN, at: (body: any) => body },
  {
    name: 'in a bulk',
    handler: serveBulk(
      { ...bulkContract, permission: 'READ_CUSTOMER' },
      { create: operation(create, createCustomer(steps)) },
    ),
    body: { operations: [{ create: OPEN }] },
    at: ({ results }: any) => results[0].customer,
  },
];

/** Who sees what of a customer: `+` as it is, `m` masked. */
const VIEW: Readonly<Record<string, string>> = {
  // prettier-ignore
  //             OWNER ADMIN SPECIALIST SUPPORT PRIVACY SERVICE
  _id: '          +     +     +          +       +       +',
  object: '       +     +     +          +       +       +',
  _version: '     +     +     +          +       +       +',
  firstName: '    +     +     +          +       +       +',
  lastName: '     +     +     +          +       +       +',
  phone: '        +     +     +          m       +       +',
  email: '        +     +     +          m       +       +',
  note: '         +     +     +          m       +       +',
  customerType: ' +     +     +          +       +       +',
  state: '        +     +     +          +       +       +',
  stateHistory: ' +     +     +          +       +       +',
  createdAt: '    +     +     +          +       +       +',
  updatedAt: '    +     +     +          +       +       +',
};
/** What else may stand in an answer, and who gets there is the route's permission: no field of it is of a person. */
const IMPERSONAL = [
  ...['items', 'totalSize', 'nextCursor', 'resyncRequired', 'verified', 'setAt'],
  ...[
    'seq',
    'at',
    'actor',
    'action',
    'fields',
    'from',
    'to',
    'role',
    'purpose',
    'requestId',
    'reasonBlanked',
  ],
  ...['legalHold', 'since'],
  // A segment: conditions about customers in general, and how many meet them.
  ...['segmentId', 'name', 'definition', 'states', 'customerTypes', 'daysAgo', 'consent', 'size', 'deleted'],
  ...['createdAfter', 'createdBefore', 'lastVisitAfter', 'lastVisitBefore', 'firstVisitAfter'],
  ...['firstVisitBefore', 'visitsAtLeast', 'visitsAtMost', 'neverVisited'],
  // Recipients: counts, ids, and a token of ids.
  ...[
    'total',
    'excluded',
    'notFound',
    'notLive',
    'noAddress',
    'notAllowed',
    'asOf',
    'sameAddressAs',
    'unsubscribe',
  ],
  // Whether the archive has a part of the customer.
  ...['archive', 'inArchive'],
  // A receipt of an erasure: ids, times, counts, and sentences of the service itself.
  ...['erasureId', 'cause', 'ground', 'requestedAt', 'finishedAt', 'places', 'place', 'found', 'left', 'why'],
  ...['ledgered', 'confirmedBy', 'service', 'held', 'then', 'merged'],
  // A bulk’s results; in an error there is no value, as the tests below show.
  ...['results', 'customer', 'in', 'pointer', ...Object.keys(Problem.shape)],
  ...['regularRequires', 'uniqueEmail', 'uniquePhone', 'defaultCountry', 'retentionDays', 'archiveAfterDays'],
  ...['loser', 'taken', 'dryRun', 'undoUntil', 'restored', 'returned', 'kept'],
  ...['byType', 'byState', 'newPerDay', 'day', 'count', 'total', 'first', 'returning'],
  // How many customers are of each type and in each state.
  ...['regular', 'unregistered', 'new', 'anonymous', 'suspended', 'archived'],
  // What was allowed and refused. The references hold no text, and no role is shown less of them.
  ...[
    'current',
    'history',
    'added',
    'channel',
    'granted',
    'source',
    'lawfulBasis',
    'textVersion',
    'proofRef',
  ],
  ...['givenAt', 'recordedAt', 'by', 'proven', 'suppressed'],
  // An export, beside the records in it: names, times and sentences of the service itself.
  ...['article', 'exportedAt', 'consents', 'suppressions', 'refusedAt', 'changes', 'processing', 'text'],
  ...['categories', 'what', 'until', 'accesses', 'keptMonths', 'how'],
  // How a customer wants to be served. Whom to invoice is decided as a whole, below.
  ...['language', 'services', 'specialists', 'invoicing', 'name', 'taxId', 'address', 'preferences'],
  // Orders and payments: ids, times, statuses and amounts.
  ...[
    'orderId',
    'status',
    'counts',
    'startAt',
    'endAt',
    'serviceId',
    'specialistIds',
    'specialistId',
    'totals',
  ],
  ...['orders', 'visits', 'cancelled', 'firstOrderAt', 'lastOrderAt', 'firstVisitAt', 'lastVisitAt', 'spend'],
  ...[
    'currency',
    'paid',
    'refunded',
    'payments',
    'favourites',
    'paymentId',
    'amount',
    'method',
    'providerType',
  ],
  ...['paidAt', 'preferredMethod', 'firstTime'],
  // Copies of customers, which are decided about above.
  ...['attendee', 'payer', 'takenAt'],
  // What the caller sent of somebody anonymous.
  ...['syncedAt', 'syncErrors', 'active'],
  // What two customers have in common, never what it is.
  ...['customers', 'score', 'reasons', 'tooCommon'],
];
/** Written by a person about a person: only for those who may read the history. */
const FREE_TEXT = ['reason'];
/** Where a message goes, and in which language: only who may send it is told. */
const OF_RECIPIENTS = ['address', 'language'];

const cells = Object.entries(VIEW).flatMap(([field, line]) =>
  line
    .trim()
    .split(/ +/)
    .map((sight, index) => ({ field, sight, role: ROLES[index]! })),
);
const seenBy = (role: Role, customer: Record<string, unknown>) =>
  Object.fromEntries(
    cells
      .filter((cell) => cell.role === role)
      .map(({ field, sight }) => [
        field,
        sight === 'm' ? MASKED[field as keyof typeof MASKED] : customer[field],
      ]),
  );

/** Every way to be answered a customer that is `OPEN`, and what in the answer is that customer. */
const ANSWERS: Readonly<
  Record<string, (business: Business) => Promise<Readonly<{ answer: Answer; at: (body: any) => any }>>>
> = {
  'create-customer': async (business) => ({ answer: await business.create(OPEN), at: (body) => body }),
  'create-customer, again': async (business) => {
    const { body } = await business.as({ role: 'OWNER' }).create(OPEN);
    return { answer: await business.create({ ...OPEN, _id: body._id }), at: (again) => again };
  },
  'create-customer, replayed': async (business) => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await business.create(OPEN, { headers });
    const answer = await business.create(OPEN, { headers });
    expect([answer.text, answer.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
    return { answer, at: (body) => body };
  },
  'get-customer': async (business) => ({
    answer: await business.get(await anOpen(business)),
    at: (body) => body,
  }),
  'find-customers': async (business) => {
    await anOpen(business);
    return { answer: await business.find(), at: (body) => body.items[0] };
  },
  'find-customers, by a phrase': async (business) => {
    await anOpen(business);
    return { answer: await business.find({ phrase: OPEN.email }), at: (body) => body.items[0] };
  },
  'find-customers, a sync': async (business) => {
    await anOpen(business);
    const updatedSince = '2026-01-01T00:00:00.000Z';
    return { answer: await business.find({ updatedSince }), at: (body) => body.items[0] };
  },
  'look-up-customer': async (business) => {
    await anOpen(business);
    return { answer: await business.lookUp({ phone: OPEN.phone }), at: (body) => body };
  },
  'find-duplicates': async (business) => {
    const id = await anOpen(business);
    await anOpen(business, { email: null, phone: null, customerType: 'new' });
    return {
      answer: await business.duplicates(),
      at: (body) => body.items[0].customers.find(({ _id }: any) => _id === id),
    };
  },
  'export-customer': async (business) => {
    const id = await anOpen(business);
    return { answer: await business.exported(id), at: (body) => body.customer };
  },
  'get-snapshot': async (business) => ({
    answer: await business.snapshot(await anOpen(business)),
    at: (body) => body.customer,
  }),
  'get-snapshot, as a payer': async (business) => ({
    answer: await business.snapshot(await anOpen(business), { as: 'payer' }),
    at: (body) => body.payer,
  }),
  'get-snapshots': async (business) => ({
    answer: await business.snapshots({ customerIds: [await anOpen(business)] }),
    at: (body) => body.results[0].attendee.customer,
  }),
  'find-attendees': async (business) => ({
    answer: await business.attendees([{ _id: await anOpen(business) }]),
    at: (body) => body.results[0].attendee.customer,
  }),
  'change-customer': async (business) => {
    const id = await anOpen(business);
    return { answer: await business.change(id, { customerType: 'new' }), at: (body) => body };
  },
  'apply-operations': async (business) => {
    const id = await anOpen(business);
    const answer = await business.bulk([{ change: { _id: id, customerType: 'new' } }]);
    return { answer, at: (body) => body.results[0].customer };
  },
  'patch-customer': async (business) => {
    const id = await anOpen(business);
    return { answer: await business.patch(id, { customerType: 'new' }), at: (body) => body };
  },
  'set-customer-state': async (business) => {
    const id = await anOpen(business);
    return { answer: await business.setState(id, { state: 'archived' }), at: (body) => body };
  },
  'restore-customer': async (business) => {
    const id = await anOpen(business, { state: 'deleted' });
    return { answer: await business.restore(id), at: (body) => body };
  },
  'merge-customer': async (business) => {
    const id = await anOpen(business);
    const { _id: loserId } = await added(business);
    const answer = await business.merge(id, { loserId, fields: { note: 'survivor' } });
    return { answer, at: (body) => body.customer };
  },
  'unmerge-customer': async (business) => {
    const id = await anOpen(business);
    const { _id: loserId } = await added(business);
    await business.merge(id, { loserId });
    return { answer: await business.unmerge(id, { loserId }), at: (body) => body.customer };
  },
  'unmerge-customer, the other one': async (business) => {
    const { _id: id } = await added(business);
    const loserId = await anOpen(business);
    await business.merge(id, { loserId });
    return { answer: await business.unmerge(id, { loserId }), at: (body) => body.restored };
  },
};
const anOpen = async (business: Business, more: object = {}): Promise<string> =>
  (await added(business.as({ role: 'OWNER' }), { ...OPEN, ...more }))._id;

/** What is hidden of the record itself. Whom to invoice is among the preferences, below. */
const hiddenOfRecord = (role: Role) => hiddenFrom(role).filter((name) => name !== 'invoicing');

/** Nothing of what is hidden from a role stands anywhere in an answer. */
const expectNothingHidden = (role: Role, { text, headers }: Answer): void => {
  const all = `${text} ${JSON.stringify(headers)}`.toLowerCase();
  for (const field of hiddenOfRecord(role)) expect(all).not.toContain(OPEN[field].toLowerCase());
};

const permissionOf = (name: string) => routes.find((route) => route.name === name.split(',')[0])!.permission!;

describe('what a role sees of a customer', () => {
  it('is decided for every field of it, and for every role', () => {
    expect(cells).toHaveLength(Object.keys(VIEW).length * ROLES.length);
    for (const role of ROLES) {
      const masked = cells
        .filter((cell) => cell.role === role && cell.sight === 'm')
        .map(({ field }) => field);
      expect(masked.sort()).toEqual([...hiddenOfRecord(role)].sort());
    }
  });

  const asked = Object.keys(ANSWERS).flatMap((name) =>
    ROLES.filter((role) => isPermitted(role, permissionOf(name))).map((role) => [role, name] as const),
  );
  it.each(asked)('%s, by %s', async (role, name) => {
    const business = aBusiness({ role });
    const { answer, at } = await ANSWERS[name]!(business);
    expect([200, 201]).toContain(answer.status);
    const customer = at(answer.body);
    const { body: whole } = await business.get(customer._id, { role: 'OWNER' });
    expect(whole).toMatchObject({ email: OPEN.email, phone: OPEN.phone, note: OPEN.note });
    expect(customer).toEqual(seenBy(role, whole));
    expectNothingHidden(role, answer);
  });

  it('and every way to be answered a customer is tried', () => {
    const answering = routes.filter(({ answers }) =>
      namesIn(answers[200] ?? answers[201]).includes('customerType'),
    );
    const tried = new Set(Object.keys(ANSWERS).map((name) => name.split(',')[0]));
    expect(answering.map(({ name }) => name).sort()).toEqual([...tried].sort());
    report(
      23,
      `${cells.length} combinations of role and field in ${asked.length} answers: 0 bytes more than the role may see`,
    );
  });

  it('is nothing for who has no role, or one that nobody decided about', async () => {
    const business = aBusiness();
    const id = await anOpen(business);
    for (const role of ['', 'ROOT', 'support', 'constructor', 'toString', '__proto__', 'SUPPORT:OWNER']) {
      for (const { name } of routes) {
        const answer = await call(await handlerOf(name), { ...business, ...goodRequest(name, id), role });
        expectProblem(answer, 403, role === 'ROOT' ? 'not-permitted' : 'not-a-member');
        for (const value of Object.values(OPEN)) expect(answer.text).not.toContain(value);
      }
      expect(() => hiddenFrom(role as Role)).toThrow('There is no rule');
    }
  });
});

/** Every way to be answered whom to invoice for a customer, and what in the answer is that. */
const INVOICING = { name: 'Zuzanna & Canaries', taxId: 'PL 525-000', address: 'Canary 1', email: OPEN.email };
const INVOICES: Readonly<Record<string, (business: Business, id: string) => Promise<Answer>>> = {
  'export-customer': (business, id) => business.exported(id),
  'find-payments': (business, id) => business.payments(id),
  'get-preferences': (business, id) => business.preferences(id),
  'set-preferences': (business, id) => business.prefer(id, { language: 'pl' }),
};

describe('whom to invoice', () => {
  const asked = Object.keys(INVOICES).flatMap((name) =>
    ROLES.filter((role) => isPermitted(role, permissionOf(name))).map((role) => [role, name] as const),
  );
  it.each(asked)('is null for who sees masks: %s, by %s', async (role, name) => {
    const business = aBusiness({ role });
    const id = await anOpen(business);
    await business.prefer(id, { invoicing: INVOICING }, { role: 'OWNER' });
    const answer = await INVOICES[name]!(business, id);
    const { invoicing } = answer.body.preferences ?? answer.body;
    expect(invoicing).toEqual(role === 'SUPPORT' ? null : INVOICING);
    expectNothingHidden(role, answer);
  });

  it('is tried wherever it is answered', () => {
    const answering = routes.filter(({ answers }) =>
      namesIn(answers[200] ?? answers[201]).includes('invoicing'),
    );
    expect(answering.map(({ name }) => name).sort()).toEqual(Object.keys(INVOICES).sort());
  });
});

/** The names of all fields that an answer can hold. */
const namesIn = (schema: z.ZodType | undefined): string[] => {
  const names: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node) names.push(...Object.keys(node.properties as object));
    Object.values(node).forEach(visit);
  };
  if (schema !== undefined) visit(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
  return names;
};

describe('an answer', () => {
  it('holds no field that nobody decided about', () => {
    const known = new Set([...Object.keys(VIEW), ...IMPERSONAL, ...FREE_TEXT, ...OF_RECIPIENTS]);
    for (const { name, answers } of routes) {
      const unknown = Object.values(answers)
        .flatMap(namesIn)
        .filter((field) => !known.has(field));
      expect([name, unknown]).toEqual([name, []]);
    }
  });

  it('holds a free text only where the history or a legal hold may be read', () => {
    const telling = routes.filter(({ answers }) =>
      Object.values(answers)
        .flatMap(namesIn)
        .some((field) => FREE_TEXT.includes(field)),
    );
    expect(telling.map(({ permission }) => permission)).toEqual([
      'READ_CUSTOMER_HISTORY',
      'MANAGE_CUSTOMER_PRIVACY',
      'MANAGE_CUSTOMER_PRIVACY',
    ]);
  });

  it('holds an address under another name only where messages may be sent', () => {
    const telling = routes.filter(({ answers }) => {
      const fields = Object.values(answers).flatMap(namesIn);
      // Whom to invoice has an address too, and is decided above as a whole.
      return !fields.includes('invoicing') && fields.some((field) => OF_RECIPIENTS.includes(field));
    });
    expect(telling.map(({ permission }) => permission)).toEqual(['SEND_TO_CUSTOMER']);
    for (const role of ROLES.filter((one) => hiddenFrom(one).length > 0))
      expect(isPermitted(role, 'SEND_TO_CUSTOMER')).toBe(false);
  });

  it('is kept to be replayed only on routes that no role with a hidden field may call', () => {
    for (const role of ROLES.filter((one) => hiddenFrom(one).length > 0)) {
      const replaying = routes.filter(({ method }) => method === 'POST');
      expect(replaying.filter(({ permission }) => isPermitted(role, permission!))).toEqual([]);
    }
  });

  it('that was given to another role is not replayed to SUPPORT, though it is the same person', async () => {
    const business = aBusiness({ actor: 'moved-to-support' });
    const again = { headers: { 'idempotency-key': randomUUID() } };
    expect((await business.create(OPEN, again)).status).toBe(201);
    const answer = await business.create(OPEN, { ...again, role: 'SUPPORT' });
    expectProblem(answer, 403, 'not-permitted');
    expectNothingHidden('SUPPORT', answer);
  });

  it.each([
    ['SUPPORT', 'OWNER'],
    ['OWNER', 'SUPPORT'],
    ['SUPPORT', 'SUPPORT'],
    ['OWNER', 'OWNER'],
  ] as const)(
    'that %s was given is replayed to the same person as %s in the view of that role',
    async (first, then) => {
      const expected = { OWNER: OPEN, SUPPORT: { ...OPEN, ...MASKED } };
      for (const { name, handler, body, at } of OPEN_TO_ALL()) {
        const { businessId } = aBusiness();
        const headers = { 'idempotency-key': randomUUID() };
        const ask = (role: Role) => call(handler, { businessId, role, body, headers });
        const [answer, again] = [await ask(first), await ask(then)];
        expect([name, answer.headers['idempotent-replayed']]).toEqual([name, undefined]);
        expect([name, again.headers['idempotent-replayed']]).toEqual([name, 'true']);
        expect(at(answer.body)).toMatchObject(expected[first]);
        expect(at(again.body)).toMatchObject(expected[then]);
        if (first === then) expect(again.text).toBe(answer.text);
        for (const [role, one] of [
          [first, answer],
          [then, again],
        ] as const)
          if (role === 'SUPPORT') expectNothingHidden(role, one);
      }
    },
  );

  it('of the history names fields and holds no value', async () => {
    const business = aBusiness();
    const id = await anOpen(business);
    await business.change(id, { email: 'second-canary@mail.example', note: 'second' });
    const { body, text } = await business.history(id, {}, { role: 'PRIVACY' });
    expect(body.items.at(-1).fields.sort()).toEqual(['email', 'note']);
    for (const value of [...Object.values(OPEN), 'second-canary', 'second'])
      expect(text).not.toContain(value);
  });

  it('to a refused duplicate says which customer and its state, and nothing else of it', async () => {
    const business = aBusiness();
    const id = await anOpen(business, { state: 'suspended' });
    const answer = await business.create(
      aCustomer({ email: OPEN.email.toUpperCase(), phone: '48600100200' }),
    );
    expectProblem(answer, 409, 'duplicate-email');
    expect(answer.body.existing).toEqual({ _id: id, state: 'suspended' });
    for (const value of Object.values(OPEN)) expect(answer.text).not.toContain(value);
  });

  it('about a purged customer has nothing to hide', async () => {
    const business = aBusiness();
    const id = await anOpen(business);
    await makeDue(service, business, id);
    await run(purge, {});
    const { body } = await business.find({ updatedSince: '2026-01-01T00:00:00.000Z' }, { role: 'SUPPORT' });
    const { email, phone, note, firstName, lastName } = body.items[0];
    expect([body.items[0]._id, email, phone, note, firstName, lastName]).toEqual([
      id,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('what is hidden cannot be asked out of the service', () => {
  const business = aBusiness();
  const support = business.as({ role: 'SUPPORT' });
  let id: string;
  beforeAll(async () => {
    id = await anOpen(business);
  });
  const found = async (phrase: string, asking = support): Promise<unknown[]> => {
    const { status, body } = await asking.find({ phrase });
    expect([status, body.totalSize]).toEqual([200, body.items.length]);
    return body.items.map(({ _id }: any) => _id);
  };
  const { email, phone } = OPEN;
  const beginnings = (text: string): string[] =>
    Array.from(text, (_, index) => text.slice(0, index)).slice(1);
  const parts = [
    ...beginnings(email),
    ...beginnings(phone),
    // The number without its country code is the whole number as it is dialled at home.
    ...Array.from({ length: phone.length - 4 }, (_, index) => phone.slice(index + 1)).filter(
      (end) => end !== phone.slice(2),
    ),
    ...['+48 512', '+48 512 345 67', '0048512', 'zuzanna 5678', 'zuzanna hidden', `${email}x`, `${phone}0`],
  ];

  it('not character by character: SUPPORT finds nobody by a part of an email or phone', async () => {
    // Each by another person, because some of them are whole enough to spend the budget of misses.
    for (const part of parts)
      expect([part, await found(part, support.as({ actor: `support-${part.length}` }))]).toEqual([part, []]);
    report(23, `${parts.length} parts of an email and a phone searched as SUPPORT: 0 found`);
  });

  it('though who sees the field finds by each of those parts', async () => {
    const findable = parts.filter((part) => part !== `${email}x` && part !== `${phone}0`);
    for (const part of findable) expect([part, await found(part, business)]).toEqual([part, [id]]);
  });

  it('but who was told a whole email or phone finds its customer, and everybody finds by name', async () => {
    const wholes = [email, email.toUpperCase(), phone, '+48 512-345-678', `zuz ${email}`];
    for (const phrase of [...wholes, 'zuz', 'wisniew', 'zuzanna wisniewska']) {
      expect([phrase, await found(phrase)]).toEqual([phrase, [id]]);
    }
    expect((await support.lookUp({ email })).body._id).toBe(id);
    for (const query of [{ email: email.slice(0, -1) }, { phone: phone.slice(1) }] as const) {
      expectProblem(await support.lookUp(query), 404, 'customer-not-found');
    }
  });

  it('nor by the order of a list', () => {
    for (const field of HIDEABLE_FIELDS) expect(ORDERS).not.toContain(field);
  });

  it('nor by how long a page would be', async () => {
    const busy = aBusiness();
    await addMany(busy.businessId, 200, () => ({ firstName: 'L', note: `x${'\u0001'.repeat(4_999)}` }));
    expectProblem(await busy.find({ pageSize: '200' }), 400, 'page-too-large');
    expect((await busy.find({ pageSize: '200' }, { role: 'SUPPORT' })).body.items).toHaveLength(200);
  });
});
