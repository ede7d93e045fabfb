import * as z from 'zod';
import type { Processing } from '#lib/domain/rights/processing.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import { changedPreferences, NO_PREFERENCES, type Preferences } from '#lib/domain/activity/preferences.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import type { HistoryEntry } from '#lib/domain/histories/history-entry.ts';
import { CHANNELS, LAWFUL_BASES, mattersIn, type Suppressions } from '#lib/domain/rights/consents.ts';
import { OrderItem } from './orders-dto.ts';
import { PaymentItem } from './payments-dto.ts';
import { PreferencesDto, toPreferencesDto } from './preferences-dto.ts';
import { ConsentDto } from './consents-dto.ts';
import { CustomerDto, MomentText, toCustomerDto } from './customer-dto.ts';

/** The most entries of an answer with an export: merged records, consents, orders, payments and changes together. */
export const MOST_ENTRIES = 2_000;

const ExportedCustomer = CustomerDto.partial({ note: true });

const MergedCustomer = ExportedCustomer.extend({
  preferences: PreferencesDto.optional().meta({ description: 'Absent where nothing is known.' }),
});

const Change = z.object({
  at: MomentText,
  role: z
    .enum(ROLES)
    .nullable()
    .meta({ description: 'The role of who did it; null for a task of the service.' }),
  actor: z.string().optional().meta({ description: 'Who did it. Only with `staff=true`.' }),
  action: z.string(),
  purpose: z.string(),
  fields: z.array(z.string()).meta({ description: 'Names of fields, never values.' }),
  reason: z.string().optional(),
});

const Suppression = z.object({
  purpose: z.string(),
  channel: z.enum(CHANNELS),
  refusedAt: MomentText.meta({ description: 'The latest refusal that is kept for the present address.' }),
});

const ProcessingDto = z.object({
  purpose: z.string(),
  text: z.string(),
  lawfulBasis: z.enum(LAWFUL_BASES),
  categories: z.array(z.string()),
});

const onFirstPage = 'On the first page, and only under article 15.';

/** Everything that is kept about a person (GDPR, article 15), or what was given and done (article 20). */
export const CustomerExport = z
  .object({
    object: z.literal('CustomerExport'),
    article: z.literal([15, 20]),
    exportedAt: MomentText,
    customer: ExportedCustomer.meta({
      description: 'On every page. Under article 20 it has no `note`: the business wrote that.',
    }),
    merged: z.array(MergedCustomer).meta({ description: 'The customers that were merged into this one.' }),
    consents: z.array(ConsentDto).meta({ description: 'All entries, also those of merged customers.' }),
    orders: z.array(OrderItem).meta({ description: 'All orders, also those of merged customers.' }),
    payments: z.array(PaymentItem).meta({ description: 'All payments, likewise.' }),
    preferences: PreferencesDto.meta({ description: 'On every page.' }),
    suppressions: z
      .array(Suppression)
      .optional()
      .meta({ description: 'Refusals that are kept for the addresses shown. Only under article 15.' }),
    changes: z
      .array(Change)
      .optional()
      .meta({ description: 'What was done with the record. Only under article 15.' }),
    processing: z
      .array(ProcessingDto)
      .optional()
      .meta({ description: `What the data is used for. ${onFirstPage}` }),
    kept: z
      .array(z.object({ what: z.string(), until: z.string() }))
      .optional()
      .meta({ description: `What is kept, and until when. ${onFirstPage}` }),
    accesses: z
      .object({ keptMonths: z.int(), how: z.string() })
      .optional()
      .meta({ description: `How to learn who saw the record. ${onFirstPage}` }),
    nextCursor: z.string().optional().meta({
      description: 'Send it as `cursor`, with the same parameters, to read on. Absent on the last page.',
    }),
  })
  .meta({ id: 'CustomerExport' });
export type CustomerExport = z.input<typeof CustomerExport>;

/** The record of a customer in an export. Under article 20 it has no note. */
export const toExportedCustomer = (
  customer: Customer,
  article: CustomerExport['article'],
): CustomerExport['customer'] => {
  const { note, ...dto } = toCustomerDto(customer);
  return article === 20 ? dto : { ...dto, note };
};

/** The record of a merged customer in an export, with what is known of how it wants to be served. */
export const toExportedLoser = (
  { value, preferences }: Readonly<{ value: Customer; preferences: Preferences }>,
  article: CustomerExport['article'],
): CustomerExport['merged'][number] => ({
  ...toExportedCustomer(value, article),
  ...(changedPreferences(NO_PREFERENCES, preferences).length > 0 && {
    preferences: toPreferencesDto(preferences),
  }),
});

/** An entry of the history in an export. `showsStaff`: also who did it, not only in which role. */
export const toExportedChange = (
  { at, role, actor, action, purpose, fields, reason }: HistoryEntry & Readonly<{ reason: string | null }>,
  showsStaff: boolean,
): NonNullable<CustomerExport['changes']>[number] => ({
  at: at.toISOString(),
  role,
  ...(showsStaff && { actor }),
  action,
  purpose,
  fields: [...fields],
  ...(reason !== null && { reason }),
});

/** The refusals that are kept for the addresses of a customer. */
export const toSuppressions = (kept: Suppressions): CustomerExport['suppressions'] =>
  [...kept].flatMap(([matter, at]) =>
    mattersIn([matter]).map((one) => ({ ...one, refusedAt: at.toISOString() })),
  );

/** How long the access log is kept. */
export const ACCESSES_KEPT_MONTHS = 13;

const HOW_ACCESSES = 'Ask for it: the access log shows when, in which role and what for the record was seen.';

/** What is kept of a person, in words, and until when. */
export type Retention = readonly Readonly<{ what: string; until: string }>[];

/** What holds the record of a customer beyond its time; nothing when it is not held. */
export const toHeld = (isHeld: boolean, since: Date | undefined): Retention =>
  isHeld
    ? [
        {
          what: `the whole record, under a legal hold${since === undefined ? '' : ` since ${since.toISOString()}`}`,
          until: 'until the hold ends',
        },
      ]
    : [];

/** What an export under article 15 says on its first page about the use of the data. */
export const toExplanation = (
  processing: readonly Processing[],
  kept: Retention,
): Pick<CustomerExport, 'processing' | 'kept' | 'accesses'> => ({
  processing: processing
    .filter(({ categories }) => categories.length > 0)
    .map(({ purpose, text, lawfulBasis, categories }) => ({
      ...{ purpose, text, lawfulBasis },
      categories: [...categories],
    })),
  kept: [...kept],
  accesses: { keptMonths: ACCESSES_KEPT_MONTHS, how: HOW_ACCESSES },
});
