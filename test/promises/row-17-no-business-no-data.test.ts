import { beforeAll, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { permit } from '#lib/serve/request/permit.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { report } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { goodRequest, handlerOf, routeNames } from '#test/support/routes.ts';
import {
  aBusinessId,
  type Answer,
  anEvent,
  call,
  type Call,
  send,
  useService,
} from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';
import { commandsOf } from '#test/support/wire/probe.ts';
import { shapeOf, touchesOf } from '#test/support/wire/touches.ts';

const service = useService('row-17');

const [one, other] = [aBusiness(), aBusiness()];
const stranger = aBusinessId();
/** A customer of each, and everything by which an answer would show one. */
let customers: any[];
let signs: string[];
beforeAll(async () => {
  customers = [await added(one), await added(other)];
  signs = customers.flatMap(({ _id, lastName, email, phone, note, createdAt }) => [
    _id,
    lastName,
    email,
    phone,
    note,
    createdAt,
  ]);
});

/** What of the two businesses is in an answer that was not in the question. */
const shownIn = ({ text, headers }: Answer, asked: Call): string[] =>
  signs.filter(
    (sign) => !JSON.stringify(asked).includes(sign) && `${text} ${JSON.stringify(headers)}`.includes(sign),
  );

let asked = 0;
/** Asks every route for the customer of each business; gives what was answered. */
const askEverything = async (caller: Call): Promise<Answer[]> => {
  const answers: Answer[] = [];
  for (const name of routeNames) {
    for (const { _id, email, phone } of customers) {
      const good = goodRequest(name, _id);
      const query = name === 'look-up-customer' ? { email, phone } : good.query;
      const request = {
        ...good,
        ...caller,
        query: { ...query, ...caller.query },
        headers: { ...good.headers, ...caller.headers },
      };
      const answer = await call(await handlerOf(name), request);
      expect(shownIn(answer, request)).toEqual([]);
      answers.push(answer);
      asked += 1;
    }
  }
  return answers;
};

describe('a caller whose token gives no single known role in the business that it names', () => {
  const { businessId } = one;
  const member = `${businessId}:OWNER`;
  const claiming = (business_roles: unknown, more: object = {}): Call => ({
    businessId,
    claims: { sub: 'user-1', business_roles, ...more },
  });
  const claims = (claims: Record<string, unknown>): Call => ({ businessId, claims: { sub: 'u', ...claims } });
  const REQUIRED = [400, 'business-required'] as const;
  const NO_MEMBER = [403, 'not-a-member'] as const;
  const NOT_PERMITTED = [403, 'not-permitted'] as const;
  const NAMELESS = [403, 'unusable-subject'] as const;

  it.each<readonly [string, Call, readonly [number, string]]>([
    ['names no business', { claims: { sub: 'u', business_roles: member } }, REQUIRED],
    ['names an empty business', { ...claiming(member), businessId: '' }, REQUIRED],
    ['names two', { ...claiming(member), businessId: `${businessId},${other.businessId}` }, REQUIRED],
    ['names one twice', { ...claiming(member), businessId: `${businessId},${businessId}` }, REQUIRED],
    ['names all', { ...claiming('*:OWNER'), businessId: '*' }, REQUIRED],
    ['names one with blanks around it', { ...claiming(member), businessId: ` ${businessId} ` }, REQUIRED],
    ['names one that is not in its token', claiming(`${other.businessId}:OWNER`), NO_MEMBER],
    ['has no claim', { businessId, claims: { sub: 'u' } }, NO_MEMBER],
    ['has no claims at all', { businessId, claims: {} }, NO_MEMBER],
    ['has a claim that is null', claiming(null), NO_MEMBER],
    ['has an empty claim', claiming(''), NO_MEMBER],
    ['has a number for a claim', claiming(1), NO_MEMBER],
    ['has true for a claim', claiming(true), NO_MEMBER],
    ['has an array for a claim', claiming([member]), NO_MEMBER],
    ['has an object for a claim', claiming({ [businessId]: 'OWNER' }), NO_MEMBER],
    ['has an array as the gateway writes it', claiming(`[${member} ${other.businessId}:OWNER]`), NO_MEMBER],
    ['has an array as JSON writes it', claiming(JSON.stringify([member])), NO_MEMBER],
    ['has the role before the business', claiming(`OWNER:${businessId}`), NO_MEMBER],
    ['has a part of the business', claiming(`${businessId.slice(0, 23)}:OWNER`), NO_MEMBER],
    ['has more than the business', claiming(`${businessId}0:OWNER`), NO_MEMBER],
    ['has a claim of another case', claims({ Business_Roles: member }), NO_MEMBER],
    ['has a claim of another spelling', claims({ businessRoles: member }), NO_MEMBER],
    ['has a claim of a provider’s own', claims({ 'custom:business_roles': member }), NO_MEMBER],
    ['has the claim in another one', claims({ claims: { business_roles: member } }), NO_MEMBER],
    ['has another separator in it', claiming(`${businessId}=OWNER`), NO_MEMBER],
    ['has two roles in it', claiming(`${member} ${businessId}:SUPPORT`), NOT_PERMITTED],
    ['has one role twice', claiming(`${member} ${member}`), NOT_PERMITTED],
    ['has one role in two spellings', claiming(`${member} ${member.toUpperCase()}`), NOT_PERMITTED],
    ['has commas in it', claiming(`${member},${other.businessId}:OWNER`), NO_MEMBER],
    ['has lines in it', claiming(`${member}\n${other.businessId}:OWNER`), NO_MEMBER],
    ['has an unknown role', claiming(`${businessId}:ROOT`), NOT_PERMITTED],
    ['has no role', claiming(`${businessId}:`), NO_MEMBER],
    ['has the business alone', claiming(businessId), NO_MEMBER],
    ['has a role in small letters', claiming(`${businessId}:owner`), NO_MEMBER],
    ['has a role after a blank', claiming(`${businessId}: OWNER`), NO_MEMBER],
    ['has a role with a tail', claiming(`${member}:ADMIN`), NO_MEMBER],
    ['has two blanks between two', claiming(`${other.businessId}:OWNER  ${member}`), NO_MEMBER],
    ['has a blank before it', claiming(` ${member}`), NO_MEMBER],
    ['has a blank after it', claiming(`${member} `), NO_MEMBER],
    ['has a line break after it', claiming(`${member}\n`), NO_MEMBER],
    ['has something else before it', claiming(`x ${member}`), NO_MEMBER],
    ['has something else after it', claiming(`${member} x`), NO_MEMBER],
    ['has a business without a role beside it', claiming(`${member} ${other.businessId}`), NO_MEMBER],
    ['has a role in small letters beside it', claiming(`${member} ${other.businessId}:owner`), NO_MEMBER],
    ['has all businesses beside it', claiming(`${member} *:OWNER`), NO_MEMBER],
    ['has a prototype’s name for a role', claiming(`${businessId}:constructor`), NO_MEMBER],
    ['has no subject', claiming(member, { sub: undefined }), NAMELESS],
    ['has an empty subject', claiming(member, { sub: '' }), NAMELESS],
    ['has an operator’s name for a subject', claiming(member, { sub: 'operator:alice' }), NAMELESS],
    ['has a line break in its subject', claiming(member, { sub: 'user-1\nuser-2' }), NAMELESS],
    ['has an array for a subject', claiming(member, { sub: ['user-1'] }), NAMELESS],
  ])(
    'and %s is refused by every route, before the database is asked for more than to count the refusal',
    async (_who, caller, [status, code]) => {
      let answers: Answer[] = [];
      const commands = await commandsOf(() =>
        expectNothingWritten(service, async () => {
          answers = await askEverything(caller);
          for (const answer of answers) expectProblem(answer, status, code);
        }),
      );
      const shapes = commands.flatMap((command) => (touchesOf(command) ?? []).map(shapeOf));
      const counting = status === 403 ? answers.map(() => 'update refusal_budget by _id') : [];
      expect([shapes, shapes.length]).toEqual([counting, commands.length]);
    },
  );

  it('is refused when no authorizer has spoken', async () => {
    for (const name of routeNames) {
      const event = anEvent({ businessId, ...goodRequest(name, customers[0]._id) });
      const answer = await send(await handlerOf(name), { ...event, requestContext: {} });
      expectProblem(answer, 403, 'not-a-member');
    }
  });

  it('is refused whatever else the claim holds', () => {
    const anything = fc.oneof(
      fc.anything({ withDate: true, withMap: true, withTypedArray: true }),
      fc.array(fc.constantFrom(businessId, 'OWNER', ':', ',', ';', '[', '"', '\t'), { maxLength: 6 }),
      fc
        .array(fc.constantFrom(businessId, 'OWNER', ':', ' ', ',', '[', '\n'), { maxLength: 8 })
        .map((parts) => parts.join('')),
    );
    let refused = 0;
    fc.assert(
      fc.property(anything, (claim) => {
        fc.pre(typeof claim !== 'string' || !claim.split(' ').includes(member));
        const { headers, ...event } = anEvent(claiming(claim));
        const request = { purpose: 'serve-customer', requestId: 'r', deadline: 0 } as const;
        expect(() => permit({ headers, ...event }, 'READ_CUSTOMER', request)).toThrow(Refusal);
        refused += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(refused).toBeGreaterThan(900);
  });
});

describe('a member of a third business', () => {
  const names = (id: string): Readonly<Record<string, string>> => ({
    businessId: id,
    business: id,
    business_id: id,
    tenantId: id,
    'x-business-tenant-id': id,
  });
  const queryOf = (id: string) => ({ query: { 'x-business-tenant-id': id, 'X-Business-Tenant-Id': id } });
  const headersOf = (id: string) => ({
    headers: {
      'x-business-id': id,
      'x-tenant-id': id,
      'business-id': id,
      'x-business-tenant': id,
      'x-forwarded-business-tenant-id': id,
      cookie: `x-business-tenant-id=${id}`,
    },
  });

  it('finds nothing of the others, with nothing else to name one', async () => {
    await askEverything({ businessId: stranger });
  });

  it.each([
    ['the query', queryOf],
    ['a header that is not the one', headersOf],
  ])('nor when %s names one of them', async (_where, naming) => {
    for (const { businessId } of [one, other])
      await askEverything({ businessId: stranger, ...naming(businessId) });
  });

  /** A PUT says that the customer is unknown before it says what else is wrong. */
  const refusalOf = (name: string, code: string): readonly [number, string] =>
    name === 'change-customer' ? [404, 'customer-not-found'] : [400, code];

  it('is refused when another query parameter names one of them', async () => {
    for (const { businessId } of [one, other]) {
      const { 'x-business-tenant-id': _ignored, ...others } = names(businessId);
      for (const name of routeNames)
        for (const [parameter, value] of Object.entries(others)) {
          const good = goodRequest(name, customers[0]._id);
          const request = {
            ...good,
            businessId: stranger,
            query: { ...good.query, [parameter]: value },
          };
          const answer = await call(await handlerOf(name), request);
          expectProblem(answer, ...refusalOf(name, 'unknown-parameter'));
          expect(shownIn(answer, request)).toEqual([]);
          asked += 1;
        }
    }
  });

  it('is refused when the body names one of them', async () => {
    for (const { businessId } of [one, other]) {
      for (const name of ['create-customer', 'change-customer', 'patch-customer', 'set-customer-state'])
        for (const [field, value] of Object.entries(names(businessId))) {
          const good = goodRequest(name, customers[0]._id);
          const request = {
            ...good,
            businessId: stranger,
            body: { ...(good.body as object), [field]: value },
          };
          const answer = await expectNothingWritten(service, async () =>
            call(await handlerOf(name), request),
          );
          expectProblem(answer, ...refusalOf(name, 'unknown-field'));
          asked += 1;
        }
    }
  });

  it('is refused when the path names one of them, for a business is no customer', async () => {
    for (const name of ['get-customer', 'get-customer-history', 'restore-customer'])
      for (const id of [
        one.businessId,
        other.businessId,
        `${one.businessId}/${customers[0]._id as string}`,
      ]) {
        const request = { ...goodRequest(name, id), businessId: stranger };
        const answer = await call(await handlerOf(name), request);
        expect([400, 404]).toContain(answer.status);
        expect(shownIn(answer, request)).toEqual([]);
        asked += 1;
      }
  });

  it('is seen when it is shown something, so that the above says what it says', async () => {
    const answer = await one.find();
    expect(shownIn(answer, {})).toHaveLength(6);
    for (const role of ROLES) expect(shownIn(await one.get(customers[0]._id, { role }), {})).not.toEqual([]);
    report(
      17,
      `${String(asked)} requests of callers without membership, to every route: 0 rows of two businesses`,
    );
  });
});
