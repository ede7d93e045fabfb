import type { BusinessScope } from '#lib/domain/access/scope.ts';
import {
  type Consent,
  type Matter,
  mattersIn,
  type Statement,
  type Suppressions,
} from '#lib/domain/rights/consents.ts';
import { fieldsOf, inEffectFor } from '#lib/domain/rights/recorded-consents.ts';
import { entryOf, readConsents } from '#lib/store/consents/consent-entries.ts';
import { readKeptRefusals } from '#lib/store/consents/kept-refusals.ts';
import { mattersOf } from '#lib/store/consents/standing.ts';
import { stageConsentChange } from '#lib/store/customers/consent-standing.ts';
import { findForChange } from '#lib/store/customers/merged.ts';
import { noteInHistory } from '#lib/store/customers/note-in-history.ts';
import type { StoredCustomer } from '#lib/store/customers/reader.ts';
import { connect } from '#lib/store/database/connection.ts';
import { readNowBeside } from '#lib/store/database/database-clock.ts';

/** What a customer said, and the refusals that are kept for its present addresses. */
export type KeptConsents = Readonly<{ consents: readonly Consent[]; suppressions: Suppressions }>;

/** A customer, or the one that it was merged into, and the time by the database's clock. */
export type AtNow = Readonly<{ stored: StoredCustomer; now: Date }>;

/** Null for an unknown id, and for one of another business. */
const findAtNow = async (id: string, scope: BusinessScope): Promise<AtNow | null> => {
  const [stored, now] = await Promise.all([
    findForChange(id, scope),
    connect().then((connection) => readNowBeside(connection, id, scope)),
  ]);
  return stored === null || now === null ? null : { stored, now };
};

/** What a customer said, with the refusals kept for what it granted and for these matters. One parallel round trip. */
const read = async (
  { customer, link }: StoredCustomer,
  matters: readonly Matter[],
  scope: BusinessScope,
): Promise<KeptConsents> => {
  const said = mattersIn([...(link.granted ?? []), ...(matters.length > 0 ? (link.refused ?? []) : [])]);
  const [consents, suppressions] = await Promise.all([
    readConsents(customer.id, scope),
    readKeptRefusals(mattersOf([...said, ...matters]), customer, scope),
  ]);
  return { consents, suppressions };
};

/**
 * Stages new statements of a customer, with its history entry, its event and what its link says.
 * @returns the entries that were added
 */
const record = async (
  { stored, now }: AtNow,
  { consents, suppressions, statements }: KeptConsents & Readonly<{ statements: readonly Statement[] }>,
  scope: BusinessScope,
): Promise<readonly Consent[]> => {
  const added = statements.map((statement) => entryOf(statement, now, scope));
  const { customer } = stored;
  const set = await stageConsentChange(
    { customerId: customer.id, addresses: customer, consents, added, suppressions },
    scope,
  );
  const about = { changes: [...inEffectFor(added, consents)] };
  const note = {
    action: 'record-consents',
    at: now,
    fields: fieldsOf(added),
    event: 'consent-changed' as const,
    about,
    set,
  };
  await noteInHistory(stored, note, scope);
  return added;
};

/** The consents of the caller's customers. Writes are staged; nothing is saved before the request commits. */
export const customerConsents = { find: findForChange, findAtNow, read, record };
export type CustomerConsents = typeof customerConsents;
