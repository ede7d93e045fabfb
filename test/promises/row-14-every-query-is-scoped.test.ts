import { describe, expect, it } from '@jest/globals';
import { ObjectId } from 'bson';
import { contracts } from '#functions/contracts.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { makeDue } from '#test/support/due.ts';
import { report } from '#test/support/promise.ts';
import { arranged, handlerOf, routeNames } from '#test/support/routes.ts';
import { aBusinessId, call, run, useService } from '#test/support/service.ts';
import { type Command, type Fields, isFields } from '#test/support/wire/message.ts';
import { commandsOf, expectCaller, takeBreaches, verdictOn } from '#test/support/wire/probe.ts';
import { shapeOf, touchesOf } from '#test/support/wire/touches.ts';

const service = useService('row-14');

/** Every route, each with a customer of its own, and a page with tombstones, a twin and a repeated request. */
const askEverything = async (businessId: string): Promise<void> => {
  const business = aBusiness({ businessId });
  for (const name of routeNames) {
    const { _id } = await added(business);
    const request = { ...(await arranged(name, business, _id)), businessId };
    await call(await handlerOf(name), {
      ...request,
      headers: { ...request.headers, 'idempotency-key': name },
    });
  }
  const twin = await added(business);
  await business.create(aCustomer({ email: twin.email }));
  await business.create(aCustomer({ _id: twin._id }));
  await makeDue(service, business, twin._id);
  await business.find({ updatedSince: '2026-01-01T00:00:00.000Z', orderBy: 'id', pageSize: '3' });
  await business.find({ phrase: `${twin.email as string} anna`, state: 'active' });
  const support = business.as({ role: 'SUPPORT' });
  await support.lookUp({ email: twin.email });
  await support.lookUp({ email: 'nobody@example.com' });
};

/** What a task needs to hear so that it finds work at once. */
const INPUTS: Readonly<Record<string, object>> = {
  'enforce-uniqueness': { settleMs: 0 },
  'purge-deleted-customers': { largestShare: 1 },
};
const tasks = contracts
  .filter(({ kind }) => kind === 'schedule' || kind === 'operation')
  .map(({ name }) => name);

const runEverything = async (businessId: string): Promise<void> => {
  await aBusiness({ businessId }).chooseSettings({ uniqueEmail: true });
  for (const name of tasks) await run(await handlerOf(name), INPUTS[name] ?? {});
};

/** A command with each value put through a change, all the way down. */
const mapped = (value: unknown, change: (value: unknown) => unknown): unknown => {
  const changed = change(value);
  if (Array.isArray(changed)) return changed.map((one) => mapped(one, change));
  if (!isFields(changed)) return changed;
  return Object.fromEntries(Object.entries(changed).map(([name, one]) => [name, mapped(one, change)]));
};
const inBody = ({ name, body }: Command, change: (value: unknown) => unknown): Command => ({
  name,
  body: mapped(body, change) as Fields,
});

/** Where a command binds what it touches: filters, and documents that come in. */
const BINDING = new Set(['filter', 'query', 'q', '$match', 'document']);
const rebind = (command: Command, bind: (filter: Fields) => Fields): Command =>
  inBody(command, (value) =>
    isFields(value)
      ? Object.fromEntries(
          Object.entries(value).map(([name, one]) => [
            name,
            BINDING.has(name) && isFields(one) ? bind(one) : one,
          ]),
        )
      : value,
  );
const withoutIds = ({ _id, businessId, ...filter }: Fields): Fields => filter;

/** What a bug could make of a command. Each of these must not leave, whatever was read before. */
const MUTATIONS: Readonly<Record<string, (command: Command, stranger: string) => Command>> = {
  'says nobody’s it is': ({ name, body: { comment: _, ...body } }) => ({ name, body }),
  'comes from a request of another business': ({ name, body }, stranger) => ({
    name,
    body: { ...body, comment: stranger },
  }),
  'names other ids': (command) =>
    inBody(command, (value) => (value instanceof ObjectId ? new ObjectId() : value)),
  'names ids as text': (command) =>
    inBody(command, (value) => (value instanceof ObjectId ? value.toHexString() : value)),
  'names no ids': (command) => rebind(command, withoutIds),
  'has a way around its filter': (command) => rebind(command, (filter) => ({ $or: [filter, {}] })),
  'goes to another collection': ({ name, body }) =>
    name === 'bulkWrite'
      ? { name, body: { ...body, nsInfo: (body['nsInfo'] as Fields[]).map(() => ({ ns: 'a.customer' })) } }
      : { name, body: { ...body, [name]: 'migration' } },
  'is another command': ({ body }) => ({ name: 'mapReduce', body }),
  'is explained without its ids': (command) => {
    const { name, body } = rebind(command, withoutIds);
    return { name: 'explain', body: { explain: body, comment: body['comment'], name } };
  },
};

/** Whether an id was ever erased is the one question that is not about a business: ids are given once. */
const NOBODYS = [
  'find erasure by _id that comes from a request of another business',
  'find erasure by _id that names other ids',
];

describe('promise 14: every query is scoped', () => {
  it('by the judgement of every command that each route and each task sends', async () => {
    const businessId = aBusinessId();
    const commands = await commandsOf(async () => {
      await askEverything(businessId);
      await runEverything(businessId);
    });
    const shapes = new Set(commands.flatMap((command) => (touchesOf(command) ?? []).map(shapeOf)));
    expect(takeBreaches()).toEqual([]);
    // Each collection that holds anything of a business is read or written.
    for (const collection of [
      'customer',
      'customer_link',
      'customer_audit',
      'outbox',
      'idempotency',
      'tombstone',
    ])
      expect([...shapes].join('\n')).toMatch(new RegExp(` ${collection}( |:|$)`, 'm'));
    report(14, `${commands.length} commands of ${shapes.size} shapes from every route and task: 0 unscoped`);
  });

  it('by a judge who lets none of them leave once it has lost its scope', async () => {
    const businessId = aBusinessId();
    const commands = await commandsOf(() => askEverything(businessId));
    const stranger = 'a-request-of-a-stranger';
    expectCaller(stranger, aBusinessId());
    const mutants = commands.flatMap((command) =>
      Object.entries(MUTATIONS).map(([what, mutate]) => ({
        what,
        shape: shapesOf(command),
        mutant: mutate(command, stranger),
      })),
    );
    expect(mutants.length).toBeGreaterThan(400);
    const survivors = mutants
      .filter(({ mutant }) => verdictOn(mutant) === null)
      .map(({ what, shape }) => `${shape} that ${what}`);
    expect(survivors.filter((survivor) => !NOBODYS.includes(survivor))).toEqual([]);
    report(14, `${mutants.length} commands without their scope: 0 accepted by the judge`);
  });
});

function shapesOf(command: Command): string {
  return (touchesOf(command) ?? []).map(shapeOf).join(' + ');
}
