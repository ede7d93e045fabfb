import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { handler as finishErasures } from '#functions/rights/finish-erasures/handler.ts';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { mattersIn, needsGrant } from '#lib/domain/rights/consents.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { makeDue } from '#test/support/due.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { run, useService } from '#test/support/service.ts';
import { countIn, documentsIn } from '#test/support/stored.ts';
import { adminUriOf } from '#test/support/test-database.ts';

const service = useService('refused-and-gone');
const folder = mkdtempSync(join(tmpdir(), 'refused-and-gone-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  await disconnect();
});

const PEOPLE = sized({ short: 3, full: 200 });
const REFUSED = '2024-06-02T12:00:00.000Z';
const GRANTED = '2024-06-01T12:00:00.000Z';
const MATTERS = [
  { purpose: 'marketing', channel: 'email' },
  { purpose: 'marketing', channel: 'sms' },
  { purpose: 'feedback', channel: 'phone' },
  { purpose: 'profiling', channel: 'email' },
  { purpose: 'reminders', channel: 'sms' },
];
const saying = (granted: boolean, givenAt: string) =>
  MATTERS.map((matter) => ({ ...matter, granted, source: 'desk', lawfulBasis: 'consent', givenAt }));

type Contact = Readonly<{ email: string; phone: string }>;
const contacts: readonly Contact[] = Array.from({ length: PEOPLE }, (_, index) => ({
  email: `canary-gone-${String(index)}@example.com`,
  phone: `+48${String(500_000_000 + index)}`,
}));

/** Customers who refused everything and of whom nothing is left but that. */
const gone = async (how: 'erased' | 'purged'): Promise<Business> => {
  const business = aBusiness();
  for (const contact of contacts) {
    const { _id } = await added(business, contact);
    expect((await business.record(_id, saying(false, REFUSED))).body.added).toBe(MATTERS.length);
    if (how === 'purged') await makeDue(service, business, _id);
    else expect((await business.erase(_id)).status).toBe(200);
  }
  if (how === 'purged') {
    // All of a business are due: more than one run may remove without being told so.
    await run(purge, { largestShare: 1 });
    await run(finishErasures, {});
  }
  for (const collection of ['customer_link', 'consent'])
    expect([collection, await countIn(service, collection, { businessId: business.businessId })]).toEqual([
      collection,
      0,
    ]);
  return business;
};

/** By how many matters that need a grant customers of a business may be reached. */
const reached = async ({ businessId }: Business): Promise<number> => {
  const links = await documentsIn(service, 'customer_link', { businessId });
  expect(links).toHaveLength(PEOPLE);
  return links
    .flatMap(({ mayReach = [] }) => mattersIn(mayReach))
    .filter(({ purpose }) => needsGrant(purpose)).length;
};

const imported = async ({ businessId }: Business, lines: readonly string[]): Promise<string> => {
  const file = join(folder, `${businessId}-${String(lines.length)}-${lines[0]!.length}.csv`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const out = await linesWrittenBy(async () => {
    await runCommandLine(['import', file, '--business', businessId, '--actor', 'ola', '--yes'], COMMANDS);
  });
  return out.join('\n');
};

const WAYS: Readonly<Record<string, (business: Business) => Promise<void>>> = {
  'created again, with the old grants': async (business) => {
    for (const contact of contacts) {
      const { _id } = await added(business, contact);
      for (const consent of saying(true, GRANTED)) {
        const { status, body } = await business.record(_id, [consent]);
        expect([status, body.code]).toEqual([409, 'suppressed']);
      }
    }
  },
  'imported, with the old grants and then without them': async (business) => {
    const named = MATTERS.map(({ purpose, channel }) => `consent:${purpose}:${channel}`);
    const names = named.flatMap((name) => [name, `${name}:at`]);
    const granted = named.map(() => `yes,${GRANTED}`);
    const lines = contacts.map(({ email, phone }) => `Canary,${email.toUpperCase()},${phone.slice(1)}`);
    const tried = await imported(business, [
      ['firstName', 'email', 'phone', ...names].join(','),
      ...lines.map((line) => [line, ...granted].join(',')),
    ]);
    expect(tried).toContain(`0 imported, 0 already imported, ${String(PEOPLE)} refused`);
    expect(await imported(business, ['firstName,email,phone', ...lines])).toContain(
      `${String(PEOPLE)} imported`,
    );
  },
  'given as the new address of customers who granted everything': async (business) => {
    for (const contact of contacts) {
      const { _id } = await added(business, { email: `other-${contact.email}` });
      expect((await business.record(_id, saying(true, GRANTED))).body.added).toBe(MATTERS.length);
      expect((await business.change(_id, contact)).status).toBe(200);
    }
  },
};

describe.each(['erased', 'purged'] as const)('a customer who refused and was %s', (how) => {
  it.each(Object.keys(WAYS))(
    'is not reached for a purpose that needs a grant when the address is %s',
    async (way) => {
      const business = await gone(how);
      await WAYS[way]!(business);
      const left = await reached(business);
      process.stdout.write(
        `refused, ${how}, ${way}: ${String(PEOPLE)} addresses, ${String(left)} matters that reach them\n`,
      );
      expect(left).toBe(0);
    },
    PROOF_TIMEOUT_MS,
  );
});
