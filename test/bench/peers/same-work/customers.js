import { ObjectId } from 'mongodb';
import { toCustomerDto } from '../../../../lib/contract/customer-dto.ts';
import { newCustomer } from '../../../../lib/domain/customers/customer.ts';
import { Refusal } from '../../../../lib/domain/errors.ts';
import { customerNotFound } from '../../../../lib/domain/refusals.ts';
import { DEFAULT_SETTINGS } from '../../../../lib/domain/business/business-settings.ts';
import { CannotOpen, openCursor, sealCursor } from '../../../../lib/privacy/field-cipher.ts';
import { headersOf } from './answers.js';
import { recordsOf } from './creation.js';
import { keysOf } from './keys.js';
import { idsOf, openAnswer, recordOf } from './repeat.js';
import { toCustomer } from './stored-customer.js';

const LIST = 'customers|createdKey|desc';
const SETTINGS_CACHED_MS = 30_000;

/** The use cases, on whatever store. */
export const customersIn = (store) => {
  const settingsOf = cachedSettings(store);

  const get = async (id, scope) => {
    for (let row = await store.oneThroughLink(id, scope); ;) {
      if (row === null || row.customer.length === 0) throw customerNotFound();
      if (row.mergedInto === undefined) return toCustomerDto(toCustomer(row.customer[0], keysOf(scope)));
      row = await store.oneThroughLink(row.mergedInto, scope);
    }
  };

  const page = async ({ page: number = 1, pageSize, cursor }, scope) => {
    const keys = keysOf(scope);
    const start = cursor === undefined ? null : openPlace(keys, cursor);
    const slice = { after: start?.after, skip: (number - 1) * pageSize, limit: pageSize + 1 };
    const [totalSize, links] = await Promise.all([
      start?.totalSize ?? store.count(scope),
      store.links(slice, scope),
    ]);
    const shown = links.slice(0, pageSize);
    const found = shown.flatMap(({ customer }) => customer);
    const isLast = links.length <= pageSize;
    return {
      items: found.map((document) => toCustomerDto(toCustomer(document, keys))),
      totalSize,
      ...(!isLast && { nextCursor: sealCursor(keys, LIST, `${totalSize} ${shown.at(-1).createdKey}`) }),
    };
  };

  /** Answers status, headers and body; `render` makes the body's text of a customer. */
  const create = async ({ _id, ...draft }, { scope, repeatable, render }) => {
    const keys = keysOf(scope);
    const ids = repeatable && idsOf(repeatable, { keys, scope });
    const earlier = ids && (await store.recordedAnswer(ids, scope));
    if (earlier) return { ...openAnswer(earlier, repeatable, keys), isReplayed: true };
    const settings = await settingsOf(scope);
    const id = _id ?? new ObjectId().toHexString();
    const customer = newCustomer(id, draft, { at: new Date(), settings });
    const dto = toCustomerDto(customer);
    const answer = { statusCode: 201, headers: headersOf(dto, 201), body: render(dto) };
    await store.save(
      {
        ...(repeatable && { idempotency: recordOf(answer, repeatable, { keys, scope }) }),
        ...recordsOf(customer, draft, { keys, scope, settings }),
      },
      scope,
    );
    return answer;
  };

  return { get, page, create };
};

const openPlace = (keys, cursor) => {
  try {
    const [totalSize, after] = openCursor(keys, LIST, cursor).split(' ');
    return { totalSize: Number(totalSize), after };
  } catch (error) {
    if (error instanceof CannotOpen) throw new Refusal('invalid-request', 'This cursor is not of this list.');
    throw error;
  }
};

const cachedSettings = (store) => {
  const cache = new Map();
  return async (scope) => {
    const cached = cache.get(scope.businessId);
    if (cached !== undefined && cached.until > Date.now()) return cached.settings;
    const settings = { ...DEFAULT_SETTINGS, ...(await store.settings(scope)) };
    cache.set(scope.businessId, { settings, until: Date.now() + SETTINGS_CACHED_MS });
    return settings;
  };
};
