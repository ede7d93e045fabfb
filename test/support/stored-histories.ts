import { Types } from 'mongoose';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { handler as verifyHistories } from '#functions/histories/verify-histories/handler.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { sealText } from '#lib/privacy/field-cipher.ts';
import { historyHash } from '#lib/privacy/history-chain.ts';
import { openReason } from '#lib/privacy/history-reason.ts';
import { reasonOf, toEntry } from '#lib/store/histories/chains.ts';
import { added, type Business } from './a-business.ts';
import { makeDue } from './due.ts';
import { run } from './service.ts';
import { documentsIn, type Stored } from './stored.ts';

/** How many entries the history of `aHistory` has; the third and the fourth have a reason. */
export const ENTRIES = 7;

/** Adds a customer with a history of seven entries. */
export const aHistory = async (business: Business): Promise<string> => {
  const { _id } = await added(business);
  await business.change(_id, { note: 'a', firstName: 'B' });
  await business.setState(_id, { state: 'suspended', reason: 'canary one' });
  await business.setState(_id, { state: 'active', reason: 'canary two' });
  await business.delete(_id);
  await business.restore(_id);
  await business.as({ actor: 'user-2' }).change(_id, { note: 'b' });
  return _id;
};

/** Adds a customer with such a history, which ends with a deletion, and purges it. */
export const aPurgedHistory = async (service: Stored, business: Business): Promise<string> => {
  const _id = await aHistory(business);
  await makeDue(service, business, _id);
  await run(purge, { largestShare: 1 });
  await run(finishErasures, {});
  return _id;
};

/** Whether the API says of a live customer's history that it is as it was written. */
export const isVerified = async (business: Business, id: string): Promise<boolean> =>
  (await business.history(id)).body.verified;

/** What `verify-histories` finds in a business, as `<customer> <trouble>`. */
export const flawsIn = async ({ businessId }: Business): Promise<string[]> =>
  (await run(verifyHistories, { businessId })).flawed.map(
    ({ customerId, trouble }: any) => `${customerId} ${trouble}`,
  );

export type Raw = Record<string, any>;
/** Everything in the database about the histories of a business, as somebody who can write there sees it. */
export type World = Readonly<Record<(typeof HISTORIES)[number], readonly Raw[]>>;
const HISTORIES = ['customer_audit', 'customer_link', 'erasure'] as const;

export const worldOf = async (service: Stored, { businessId }: Business): Promise<World> => {
  const found = await Promise.all(HISTORIES.map((name) => documentsIn(service, name, { businessId })));
  const [entries = [], links = [], erasures = []] = found;
  const inOrder = entries.toSorted((one, other) => one.seq - other.seq);
  return { customer_audit: inOrder, customer_link: links, erasure: erasures };
};

/** Replaces everything about the histories of a business, behind the service's back. */
export const putWorld = async ({ database }: Stored, { businessId }: Business, world: World) => {
  for (const name of HISTORIES) {
    const collection = database.collection(name);
    await collection.deleteMany({ businessId: new Types.ObjectId(businessId) });
    if (world[name].length > 0) await collection.insertMany(world[name].map((one) => ({ ...one })));
  }
};

/** Whose document it is. */
export const ownerOf = ({ customerId, _id }: Raw): string => String(customerId ?? _id);

/**
 * Rewrites what is stored of a business as an earlier version would have written it: hashes that cover no ids and no
 * reasons, reasons without salt, and no seal.
 */
export const toFormer = async (service: Stored, business: Business, keys: BusinessKeys): Promise<void> => {
  const world = await worldOf(service, business);
  const hashes = new Map<string, Buffer>();
  const entries = world.customer_audit.map((stored) => {
    const { form: _form, reasonCommitment: _commitment, reason: _reason, ...rest } = stored;
    const { text } = openReason(keys, reasonOf(stored as never));
    const entry = { ...toEntry(stored as never), form: 1, reasonCommitment: null } as const;
    const before = hashes.get(ownerOf(stored));
    const hash = historyHash(keys, entry, before === undefined ? null : { hash: before, isSealed: false });
    hashes.set(ownerOf(stored), hash);
    const reason = text === null ? {} : { reason: sealText(keys, placeOf(stored), text) };
    return { ...rest, ...reason, hash };
  });
  const formerHead = ({ auditSeal: _seal, ...head }: Raw): Raw => ({
    ...head,
    auditHead: hashes.get(ownerOf(head)),
    keyUse: head['keyUse'].replace(/\|4$/, '|2'),
  });
  const erasures = world.erasure.map(formerHead).map(({ version: _version, ...erasure }) => erasure);
  const links = world.customer_link.map(formerHead);
  await putWorld(service, business, { customer_audit: entries, customer_link: links, erasure: erasures });
};

const placeOf = ({ _id }: Raw) => ({ collection: 'customer_audit', id: String(_id) });
