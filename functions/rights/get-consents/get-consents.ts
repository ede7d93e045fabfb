import { toConsentDto } from '#lib/contract/consents-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { customerNotFound, unreadableCursor } from '#lib/domain/refusals.ts';
import { byWeight, type Consent, inEffect } from '#lib/domain/rights/consents.ts';
import type { CustomerConsents } from '#lib/store/rights/consents.ts';
import type { contract } from './contract.ts';

type Needs = {
  consents: Pick<CustomerConsents, 'find' | 'read'>;
  sealPlace: (place: string, list: string, scope: BusinessScope) => Promise<string>;
  openPlace: (cursor: string, list: string, scope: BusinessScope) => Promise<string>;
};

/** Answers what a customer allowed and refused. For a merged customer, it answers that of the survivor. */
export const getConsents =
  ({ consents, sealPlace, openPlace }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, query: { pageSize, cursor } }, scope) => {
    const stored = await consents.find(id, scope);
    if (stored === null) throw customerNotFound();
    const list = `consents|${stored.customer.id}`;
    const lastId = cursor === undefined ? null : await openPlace(cursor, list, scope);
    const { consents: entries, suppressions } = await consents.read(stored, [], scope);
    const later = after(lastId, [...entries].sort(byWeight));
    const page = later.slice(0, pageSize);
    const last = later.length > pageSize ? page.at(-1) : undefined;
    const toDto = (consent: Consent) => toConsentDto(consent, suppressions);
    return ok({
      current: inEffect(entries).map(toDto),
      history: page.map(toDto),
      ...(last !== undefined && { nextCursor: await sealPlace(last.id, list, scope) }),
    });
  };

/** The entries after the last one of the page before. Entries are only added, so that one still exists. */
const after = (lastId: string | null, entries: readonly Consent[]): readonly Consent[] => {
  if (lastId === null) return entries;
  const place = entries.findIndex(({ id }) => id === lastId);
  if (place === -1) throw unreadableCursor();
  return entries.slice(place + 1);
};
