import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { isBlankPhrase } from '#lib/domain/spelling/search-words.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { attackOn, type Place, placesOf } from '#test/support/attacked-places.ts';
import { faultIn, type Operation, operations } from '#test/support/described.ts';
import { type Payload, PAYLOADS } from '#test/support/hostile-payloads.ts';
import { PROOF_TIMEOUT_MS, report, sized, tally } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { arranged, goodRequest, handlerOf, isOfTwo, routes } from '#test/support/routes.ts';
import { type Answer, anEvent, type Call, call, send, useService } from '#test/support/service.ts';
import { expectNothingWritten, expectOnlyAbout } from '#test/support/stored.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('row-20');
/** Reading is attacked in a business of its own, where nobody bears the name of a payload. */
const [written, read] = [aBusiness(), aBusiness()];
const idOf = new Map<string, string>();
let details: Record<string, unknown> = {};
/** Two who are there are merged, or parted, for trial: only what is attacked can be what is refused. */
const trials = new Map<string, Call>();
beforeAll(async () => {
  for (const business of [written, read, aBusiness()]) {
    idOf.set(business.businessId, (await added(business))._id);
    await added(business);
    await business.chooseSettings({ retentionDays: 30 });
  }
  for (const name of operations.map((operation) => operation.name).filter(isOfTwo)) {
    const { body, ...of } = await arranged(name, written, (await added(written))._id);
    trials.set(name, { ...of, body: { ...Object(body), dryRun: true } });
  }
  details = detailsOf((await written.get(idOf.get(written.businessId)!)).body);
});

/** The customer must still be there for the next attack. */
const harmless = (name: string, good: Call): Call =>
  name === 'erase-customer' ? { ...good, body: { ...(good.body as object), dryRun: true } } : good;

const goodOf = ({ name }: Operation, { businessId }: Business): Call =>
  trials.get(name) ?? harmless(name, goodRequest(name, idOf.get(businessId)!));

const DETAILS = ['firstName', 'lastName', 'email', 'phone', 'note', 'customerType'] as const;
const detailsOf = (body: any): Record<string, unknown> =>
  Object.fromEntries(DETAILS.map((name) => [name, body[name]]));

const isAnything = ({ schema }: Place): boolean =>
  schema['type'] === undefined && schema['anyOf'] === undefined;

/** What is a proper value there, or as good as no header, is no attack. */
const isAttackOn =
  (place: Place) =>
  ({ json, text, isText }: Payload): boolean => {
    if (place.in === 'header') return text.trim() !== '';
    if (place.in !== 'body' || isText || isAnything(place)) return true;
    return faultIn(place.schema, JSON.parse(json)) !== null;
  };

/** How a text is kept that is taken for what it is. */
const kept = (name: string, text: string): string | null => {
  const wellFormed = text.toWellFormed();
  if (wellFormed.replaceAll(/[\s\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '') === '') return null;
  if (name === 'phone') return wellFormed.normalize('NFKC').replaceAll(/\D/g, '');
  const shown = wellFormed.replaceAll(/[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]/g, '');
  if (name === 'email') return shown.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '').trim();
  return name === 'note' ? wellFormed : shown.replaceAll(/[\s\x85]+/g, ' ').trim();
};

/** What is stored must be what was sent, as the texts that it is, and otherwise what was there. */
const expectKeptAsText = async (sent: Call, answer: Answer): Promise<void> => {
  const body = JSON.parse(String(sent.body));
  const texts = DETAILS.filter((name) => name in body).map((name) => [name, kept(name, body[name])]);
  const found = detailsOf((await written.get(answer.body._id)).body);
  expect(found).toEqual({ ...details, ...Object.fromEntries(texts) });
  if (answer.body._id === idOf.get(written.businessId)) details = found;
};

/** A statement keeps the payload as the text that it is. */
const expectInConsents = async ({ name }: Place, { text }: Payload): Promise<void> => {
  const { history } = (await written.consents(idOf.get(written.businessId)!)).body;
  expect(history.map((entry: any) => entry[name.split('/').at(-1)!])).toContain(text);
};

/** An answer of success must have taken the payload for the text that it is, or for nothing. */
const expectHarmless = async (
  { place, payload }: { place: Place; payload: Payload },
  sent: Call,
  answer: Answer,
): Promise<void> => {
  if (place.in === 'query') {
    expect(faultIn(place.schema, payload.text)).toBeNull();
    if (place.name === 'phrase' && !isBlankPhrase(payload.text)) expect(answer.body.items).toEqual([]);
  } else if (place.in === 'body') {
    const { results, customer, current, legalHold, erasureId, segmentId, dryRun } = answer.body;
    const isTaken = payload.isText || isAnything(place);
    // A bulk is answered whatever is in it, and refuses each operation by itself. One that takes a text is for trial.
    const hasTrial = place.name.split('/').length > 2;
    for (const { status } of results ?? [])
      expect(Math.floor(status / 100)).toBe(isTaken && hasTrial && status < 300 ? 2 : 4);
    if (results !== undefined) return;
    expect(isTaken).toBe(true);
    if (segmentId !== undefined) {
      expect(place.name).toBe('name');
      const sentName = payload.text.toWellFormed().normalize('NFC').trim();
      expect((await written.segment(segmentId)).body.name).toBe(sentName);
      return;
    }
    // An erasure keeps nothing of what was sent.
    if (erasureId !== undefined || dryRun === true) return;
    if (legalHold === true) {
      const { reason } = JSON.parse(String(sent.body));
      expect((await written.hold(answer.body._id)).body.reason).toBe(reason.toWellFormed().trim());
      return;
    }
    if (current !== undefined) {
      await expectInConsents(place, payload);
      return;
    }
    // A trial keeps nothing: that is looked at when all of the route is through.
    if (customer === undefined) await expectKeptAsText(sent, answer);
  } else {
    expect(place.name).toBe('idempotency-key');
  }
};

const LARGEST_REFUSAL = 20_000;
const expectSmallRefusal = ({ status, text }: Answer): void => {
  expect(status).toBeLessThan(500);
  expect(text.length).toBeLessThan(LARGEST_REFUSAL);
  expect(text).not.toMatch(/x{100}/);
};

/** What a script can spoil for all scripts after it. */
const builtIns = (): unknown =>
  [
    globalThis,
    Object.prototype,
    Array.prototype,
    Function.prototype,
    String.prototype,
    Promise.prototype,
  ].map((object) => Reflect.ownKeys(object));

const PAYLOADS_A_PLACE = sized({ short: 3, full: PAYLOADS.length });
/** Every place in the payloads' way, numbered through. */
const places = operations.flatMap((operation) => placesOf(operation).map((place) => ({ operation, place })));
const answers: Pick<Answer, 'status' | 'body'>[] = [];
let withstood = 0;

/** What is tried there: everything, or as many as the short form has, others in each place. */
const payloadsFor = (place: Place, at: number): readonly Payload[] => {
  const attacks = PAYLOADS.filter(isAttackOn(place));
  const size = Math.min(PAYLOADS_A_PLACE, attacks.length);
  const some = fc.shuffledSubarray(attacks, { minLength: size, maxLength: size });
  return fc.sample(some, { numRuns: 1, seed: SEED + at }).flat();
};

type Attack = Readonly<{ operation: Operation; place: Place; payload: Payload }>;
/** Answers the id of the customer that was answered, if one was. */
const launch = async ({ operation, place, payload }: Attack, business: Business): Promise<string[]> => {
  const { businessId } = business;
  const sent = attackOn(place, { payload, good: goodOf(operation, business) });
  const answer = await call(await handlerOf(operation.name), { businessId, ...sent });
  answers.push({ status: answer.status, body: { code: answer.body.code } });
  try {
    if (answer.status >= 400) expectSmallRefusal(answer);
    else await expectHarmless({ place, payload }, sent, answer);
    withstood += 1;
    return answer.body._id === undefined ? [] : [answer.body._id];
  } catch (cause) {
    const what = `${operation.name}, ${place.in} ${place.name}, ${payload.family} ${payload.json.slice(0, 80)}`;
    throw new Error(`${what}: ${String(answer.status)} ${answer.text.slice(0, 500)}`, { cause });
  }
};

describe('no payload in any field, parameter or header has an effect', () => {
  it.each([...new Set(places.map(({ operation }) => operation.name))])(
    '%s',
    async (name) => {
      const own = places.filter(({ operation }) => operation.name === name);
      const business = own[0]?.operation.method === 'GET' ? read : written;
      const { businessId } = business;
      await call(await handlerOf(name), { businessId });
      const before = builtIns();
      await expectOnlyAbout(service, { businessId, customerId: idOf.get(businessId)! }, async () => {
        const made = new Set<string>();
        for (const { operation, place } of own) {
          const at = places.findIndex((one) => one.place === place);
          for (const payload of payloadsFor(place, at)) {
            for (const id of await launch({ operation, place, payload }, business)) made.add(id);
          }
        }
        return made;
      });
      expect(builtIns()).toEqual(before);
    },
    PROOF_TIMEOUT_MS,
  );

  const taking = operations.filter(({ body }) => body !== undefined);
  it.each<[string, string | Buffer]>([
    ['an operator', '{"$where":"sleep(1000)"}'],
    ['a field twice, the second time an operator', '{"state":"active","state":{"$ne":"a"}}'],
    ['10,000 levels of nesting', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['a prototype', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
    ['bytes that are no UTF-8', Buffer.from('{"state":"active","note":"Müller"}', 'latin1')],
    ['UTF-16', Buffer.from('{"state":"active"}', 'utf16le')],
  ])('a body of %s, as text and in base64', async (_what, body) => {
    await expectNothingWritten(service, async () => {
      for (const { name } of taking) {
        const good = { businessId: written.businessId, ...goodRequest(name, idOf.get(written.businessId)!) };
        const encoded = {
          ...anEvent({ ...good, body: Buffer.from(body).toString('base64') }),
          isBase64Encoded: true,
        };
        const asText = typeof body === 'string' ? [anEvent({ ...good, body })] : [];
        for (const event of [encoded, ...asText]) {
          const answer = await send(await handlerOf(name), event);
          expect([name, answer.status]).toEqual([name, 400]);
          expectSmallRefusal(answer);
        }
      }
    });
  });

  it.each([
    [5_000, 1],
    [1_000, 1_000],
    [10, 100_000],
  ])(
    '%i unknown parameters and headers, and all that are known, and the path, of %i characters each, fail no route',
    async (count, length) => {
      const value = 'x'.repeat(length);
      const names = (place: Place['in']) =>
        places
          .filter(({ place: one }) => one.in === place && one.name !== 'content-type')
          .map(({ place: one }) => one.name);
      const unknown = Array.from({ length: count }, (_, at) => `n${String(at)}`);
      const many = (known: string[]) =>
        Object.fromEntries([...unknown, ...known].map((name) => [name, value]));
      const { 'x-business-tenant-id': _, ...headers } = many(names('header'));
      const asked = { businessId: written.businessId, id: value, query: many(names('query')), headers };
      await expectNothingWritten(service, async () => {
        for (const { name, body } of routes) {
          const answer = await call(await handlerOf(name), {
            ...asked,
            ...(body !== undefined && { body: `{"${value}":0}` }),
          });
          expect([name, answer.status < 500]).toEqual([name, true]);
          if (answer.status >= 400) expectSmallRefusal(answer);
        }
      });
    },
  );

  it('a query parameter with an operator in its name does not exist', async () => {
    const names = places.filter(({ place }) => place.in === 'query').map(({ place }) => place.name);
    for (const name of names) {
      for (const hostile of [`${name}[$ne]`, `${name}[]`, `${name}.$ne`, `$${name}`, '__proto__', '$where'])
        expectProblem(await read.find({ pageSize: '2', [hostile]: '1' }), 400, 'unknown-parameter');
    }
  });

  afterAll(() => {
    const size = `${String(PAYLOADS.length)} payloads, ${String(PAYLOADS_A_PLACE)} at most in each of ${String(places.length)} places`;
    const result = `${String(withstood)} of ${String(answers.length)} attacks without effect, without 5xx`;
    report(20, `${size}, seed ${String(SEED)}: ${result}: ${tally(answers)}`);
  });
});
