import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CustomerFields } from '#lib/domain/customers/customer.ts';
import { csvLine } from '#infra/ops/spreadsheet-text.ts';
import { personOf } from './people.ts';

/** So many made-up customers, as `npm run ops -- import` takes them; of one seed always the same. */
export type People = Readonly<{ count: number; seed: number; format: 'ndjson' | 'csv' }>;

const COLUMNS = ['firstName', 'lastName', 'email', 'phone', 'note', 'customerType', 'state'] as const;

/** Nobody comes in as deleted. */
const draftOf = (serial: number, seed: number): CustomerFields => {
  const { id: _id, at: _at, state, ...fields } = personOf(serial, seed);
  return { ...fields, ...(state !== 'deleted' && { state }) };
};

const rowOf = (draft: CustomerFields): string => csvLine(COLUMNS.map((column) => draft[column] ?? ''));

/** The lines of a file, one customer each, with all that ends them. */
export function* linesOfPeople({ count, seed, format }: People): Generator<string> {
  if (format === 'csv') yield csvLine(COLUMNS);
  for (let serial = 0; serial < count; serial += 1) {
    const draft = draftOf(serial, seed);
    yield format === 'csv' ? rowOf(draft) : `${JSON.stringify(draft)}\n`;
  }
}

/** Writes them, to standard output without a file. */
export const writePeople = async (people: People, file?: string): Promise<void> => {
  const output = file === undefined ? process.stdout : createWriteStream(file);
  await pipeline(Readable.from(linesOfPeople(people)), output);
};
