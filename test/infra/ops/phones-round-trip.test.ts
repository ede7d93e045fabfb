import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/examples.mobile.json';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import { phoneDigits } from '#lib/domain/spelling/phone-digits.ts';
import { foldPhone } from '#lib/domain/spelling/phone-forms.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { aBusiness, type Business } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { PROOF_TIMEOUT_MS, sized } from '#test/support/promise.ts';
import { useService } from '#test/support/service.ts';
import { adminUriOf } from '#test/support/test-database.ts';
import { SEED } from '#test/support/seed.ts';

useService('phones-round-trip');
const folder = mkdtempSync(join(tmpdir(), 'phones-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  await disconnect();
});

const COUNTRIES = ['PL', 'UA', 'DE', 'GB', 'US'];
const NUMBERS = sized({ short: 30, full: 245 });

/** The example number of each country, as it is written abroad and at home. */
const written = getCountries().flatMap((country) => {
  const number = getExampleNumber(country, examples);
  return number === undefined
    ? []
    : [[number.formatInternational(), number.formatNational(), number.number.slice(1)]];
});

const inCountry = async (defaultCountry: string): Promise<Business> => {
  const business = aBusiness();
  await business.chooseSettings({ defaultCountry, uniquePhone: false, regularRequires: 'email-or-phone' });
  return business;
};

const ops = async (...args: string[]): Promise<void> => {
  await linesWrittenBy(async () => {
    expect(await runCommandLine(args, COMMANDS)).toBe(0);
  });
};

const everybody = async (business: Business): Promise<any[]> =>
  (await business.find({ pageSize: '1000' })).body.items;

let files = 0;
const movedTo = async (from: Business, to: Business, format: 'csv' | 'ndjson'): Promise<void> => {
  const out = join(folder, `${String((files += 1))}.${format}`);
  const who = ({ businessId }: Business) => ['--business', businessId, '--actor', 'ola'];
  await ops('export', ...who(from), '--format', format, '--out', out, '--access-log', `${out}.log`);
  if (format === 'csv') expect(readFileSync(out, 'utf8')).not.toMatch(/[,;]\+?\d{9,}[,;]/);
  await ops('import', out, ...who(to), '--yes');
};

const CHUNK = 50;

describe('the phone of any country, in a business of any country', () => {
  it.each(COUNTRIES)(
    'is refused at first, or is one number however often it goes round: a business in %s',
    async (country) => {
      const given = fc.sample(fc.constantFrom(...written), { seed: SEED, numRuns: NUMBERS }).flat();
      const business = await inCountry(country);
      const kept: [string, any][] = [];
      for (let at = 0; at < given.length; at += CHUNK) {
        const texts = given.slice(at, at + CHUNK);
        const operations = texts.map((phone) => ({ create: { phone, customerType: 'unregistered' } }));
        const { results } = (await business.bulk(operations)).body;
        for (const [index, { status, customer }] of results.entries()) {
          expect([SEED, texts[index], status === 201 || status === 400]).toEqual([SEED, texts[index], true]);
          if (status === 201) kept.push([texts[index] ?? '', customer]);
        }
      }
      expect(kept.length).toBeGreaterThan(NUMBERS);
      for (const [text, customer] of kept) {
        const { phone } = customer;
        expect([text, phone.startsWith('+')]).toEqual([text, text.startsWith('+')]);
        for (const asked of [text, phone, `+${phoneDigits(phone)}`]) {
          const { body } = await business.lookUp({ phone: asked });
          expect([SEED, text, asked, foldPhone(body.phone ?? '')]).toEqual([
            SEED,
            text,
            asked,
            foldPhone(phone),
          ]);
        }
        const sentBack = await business.change(customer._id, { phone });
        expect([text, sentBack.body._version, sentBack.body.phone]).toEqual([text, '0', phone]);
      }
      for (const format of ['csv', 'ndjson'] as const) {
        const elsewhere = await inCountry(
          COUNTRIES[(COUNTRIES.indexOf(country) + 1) % COUNTRIES.length] ?? '',
        );
        await movedTo(business, elsewhere, format);
        const phones = (customers: any[]) => customers.map(({ phone }) => `+${phoneDigits(phone)}`).sort();
        expect((await everybody(elsewhere)).map(({ phone }) => phone).sort()).toEqual(
          phones(await everybody(business)),
        );
      }
    },
    PROOF_TIMEOUT_MS,
  );
});
