import { LARGEST_ANSWER_BYTES } from '#lib/contract/answer-limit.ts';
import { toConsentDto } from '#lib/contract/consents-dto.ts';
import {
  type CustomerExport,
  MOST_ENTRIES,
  type Retention,
  toExplanation,
  toExportedChange,
  toExportedCustomer,
  toExportedLoser,
  toHeld,
  toSuppressions,
} from '#lib/contract/customer-export.ts';
import { toOrderItem } from '#lib/contract/orders-dto.ts';
import { toPaymentItem } from '#lib/contract/payments-dto.ts';
import { toPreferencesDto } from '#lib/contract/preferences-dto.ts';
import { ok, type RequestOf, type UseCase } from '#lib/contract/route.ts';
import { PROCESSING } from '#lib/domain/rights/processing.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import { requireHere } from '#lib/domain/rights/archive.ts';
import type { Preferences } from '#lib/domain/activity/preferences.ts';
import type { StoredCustomer } from '#lib/store/customers/reader.ts';
import type { Suppressions } from '#lib/domain/rights/consents.ts';
import { fitting, mattersToAsk } from '#lib/domain/rights/export-page.ts';
import type { CustomerExports, ExportedEntry, Position } from '#lib/store/rights/exports.ts';
import type { contract } from './contract.ts';

type Needs = {
  exports: CustomerExports;
  readPreferences: (stored: StoredCustomer, scope: BusinessScope) => Promise<Preferences>;
  /** What is kept of a customer, and until when. */
  retention: Retention;
  sealPlace: (place: string, list: string, scope: BusinessScope) => Promise<string>;
  openPlace: (cursor: string, list: string, scope: BusinessScope) => Promise<string>;
  now: () => Date;
};

/** Room for `nextCursor` and the names of the lists. */
const SPARE_BYTES = 2_000;

/** Answers everything that is kept about a customer and those who were merged into it, up to 2,000 entries or 5 MiB at a time. */
export const exportCustomer =
  ({ exports, readPreferences, retention, sealPlace, openPlace, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, query: { cursor, ...asked } }, scope) => {
    const found = await exports.find(id, scope);
    if (found === null) throw customerNotFound();
    requireHere(found.stored);
    const { customer, link, isHeld } = found.stored;
    const held = toHeld(isHeld, link.heldSince);
    const view = viewOf(asked);
    const list = `export|${customer.id}|${asked.article}|${asked.staff}`;
    const from = cursor === undefined ? null : positionIn(await openPlace(cursor, list, scope));
    const wanted = { article: view.article, from, most: MOST_ENTRIES + 1 };
    const entries = await exports.read(found, wanted, scope);
    const said = [...(link.granted ?? []), ...(link.refused ?? [])];
    const refusals = await exports.readRefusals(mattersToAsk(said, consentsIn(entries)), customer, scope);
    const head = {
      ...{ object: 'CustomerExport' as const, article: view.article, exportedAt: now().toISOString() },
      customer: toExportedCustomer(customer, view.article),
      preferences: toPreferencesDto(await readPreferences(found.stored, scope)),
      ...(from === null && view.article === 15 && toExplanation(PROCESSING, [...held, ...retention])),
      ...(from === null && view.article === 15 && { suppressions: toSuppressions(refusals) }),
    };
    const limits = { entries: MOST_ENTRIES, bytes: LARGEST_ANSWER_BYTES - SPARE_BYTES - bytesOf(head) };
    const page = fitting(entries, limits, (entry) => bytesOf(listsOf([entry], refusals, view)));
    const last = page.length < entries.length ? page.at(-1) : undefined;
    return ok({
      ...head,
      ...listsOf(page, refusals, view),
      ...(last !== undefined && { nextCursor: await sealPlace(textOf(last.position), list, scope) }),
    });
  };

/** What the caller asked to see. */
type View = Readonly<{ article: CustomerExport['article']; showsStaff: boolean }>;

const viewOf = ({
  article,
  staff,
}: Pick<RequestOf<typeof contract>['query'], 'article' | 'staff'>): View => ({
  article: article === '20' ? 20 : 15,
  showsStaff: staff === 'true',
});

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const textOf = ({ list, customerId, after }: Position): string => [list, customerId, after].join(' ');

const positionIn = (text: string): Position => {
  const [list = '', customerId = '', after = ''] = text.split(' ');
  return { list, customerId, after };
};

const consentsIn = (entries: readonly ExportedEntry[]) =>
  entries.flatMap(({ entry }) => (entry.list === 'consents' ? [entry.value] : []));

/** The entries in the lists of the answer. */
const listsOf = (
  entries: readonly ExportedEntry[],
  refusals: Suppressions,
  { article, showsStaff }: View,
): Pick<CustomerExport, 'merged' | 'consents' | 'orders' | 'payments' | 'changes'> => ({
  merged: entries.flatMap(({ entry }) => (entry.list === 'merged' ? [toExportedLoser(entry, article)] : [])),
  consents: consentsIn(entries).map((consent) => toConsentDto(consent, refusals)),
  orders: entries.flatMap(({ entry }) => ('order' in entry ? [toOrderItem(entry.order)] : [])),
  payments: entries.flatMap(({ entry }) => ('payment' in entry ? [toPaymentItem(entry.payment)] : [])),
  ...(article === 15 && {
    changes: entries.flatMap(({ entry }) =>
      entry.list === 'changes' ? [toExportedChange(entry.value, showsStaff)] : [],
    ),
  }),
});
