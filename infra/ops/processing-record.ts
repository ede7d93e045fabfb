import { contracts } from '#functions/contracts.ts';
import { PROCESSING } from '#lib/domain/rights/processing.ts';
import type { BucketNeed } from '#lib/contract/buckets.ts';
import { NOT_BY_CUSTOMER } from '#lib/contract/erasure-receipt.ts';
import { PLACES, type Place } from '#lib/store/rights/places.ts';
import { markdownTable } from './markdown-table.ts';

const code = (text: string): string => `\`${text}\``;

/** The use cases that use data for a purpose. */
const useCasesFor = (purpose: string): string =>
  contracts
    .filter((contract) => 'purpose' in contract && contract.purpose === purpose)
    .map(({ name }) => code(name))
    .join(', ');

const purposes = (): string =>
  markdownTable(
    ['purpose', 'what for', 'lawful basis', 'data', 'use cases'],
    PROCESSING.map(({ purpose, text, lawfulBasis, categories }) => [
      code(purpose),
      text,
      lawfulBasis,
      categories.join(', ') || 'none of a person',
      useCasesFor(purpose),
    ]),
  );

const onErasure = ({ erasing }: Place): string => {
  switch (erasing.by) {
    case 'begin':
      return 'deleted at once';
    case 'sweep':
      return 'deleted';
    case 'handing over':
      return `deleted; ${code(erasing.ids)} noted with the order or payment`;
    case 'shredding':
      return `${erasing.fields.map(code).join(', ')} removed at once, then its object and the rest deleted`;
    case 'blanking':
      return `${erasing.fields.map(code).join(', ')} removed; the rest is ${erasing.why}`;
    case 'emptying':
      return `${code(erasing.field)} removed; deleted if it is about several; the rest is ${erasing.why}`;
    case 'keeping':
      return `kept: ${erasing.why}`;
  }
};

const inExport = ({ exported }: Place): string =>
  exported.under === 'none' ? `no: ${exported.why}` : `article ${exported.under}`;

const inArchive = ({ archiving }: Place): string => {
  switch (archiving.by) {
    case 'copying':
      return archiving.removes === undefined
        ? 'a copy'
        : `a copy; ${archiving.removes.map(code).join(', ')} only there`;
    case 'blocking':
      return 'no: while there is one, the customer does not go there';
    case 'staying':
      return 'no';
  }
};

/** What the buckets have of a person. */
const BUCKETS = {
  'archive-bucket': {
    holds:
      'the whole record of archived customers whose business chose `archiveAfterDays`, encrypted with a key of its own',
    inExport: 'once it is back in the database',
    onErasure: 'its key is destroyed at once, then the object is deleted',
    until: 'until the customer is back, erased or purged; old versions 30 days longer, without a key',
  },
  'ledger-bucket': {
    holds: 'which ids were erased or purged, and when',
    inExport: 'no: it is about customers that are gone',
    onErasure: 'kept: so that a restored backup is erased again',
    until: 'for ever; locked for 400 days',
  },
} as const satisfies Readonly<
  Record<BucketNeed, Record<'holds' | 'inExport' | 'onErasure' | 'until', string>>
>;

const ADDRESSES = {
  place: 'suppression',
  holds: 'that an address has refused something, as a keyed hash',
  onErasure: 'kept: so that the refusal is honoured when the person is added again',
  inExport: 'article 15',
  until: 'for ever',
} as const;

/** Every place that has data of a person: what it holds, who gets to see it in an export, and how it ends. */
export const placesTable = (): string =>
  markdownTable(
    ['place', 'what it holds', 'in an export', 'in the archive', 'on erasure', 'kept'],
    [
      ...PLACES.map((place) => [
        code(place.name),
        place.holds,
        inExport(place),
        inArchive(place),
        onErasure(place),
        place.keptUntil,
      ]),
      [
        code(ADDRESSES.place),
        ADDRESSES.holds,
        ADDRESSES.inExport,
        'no',
        ADDRESSES.onErasure,
        ADDRESSES.until,
      ],
      ...Object.entries(BUCKETS).map(([name, bucket]) => [
        name.replace('-', ' '),
        ...[bucket.holds, bucket.inExport, '', bucket.onErasure, bucket.until],
      ]),
      ...NOT_BY_CUSTOMER.filter(({ place }) => place !== ADDRESSES.place).map(({ place, why }) => [
        place,
        '',
        'no',
        'no',
        'out of reach',
        why,
      ]),
    ],
  );

/** The record of processing activities (GDPR, Art. 30), as Markdown: what data is used for, where it lies, how long. */
export const processingRecord = (): string => `# Record of processing activities

This page is written by \`npm run readme\` from the code. \`npm run ops -- processing-record\` prints it. Each business is the
controller of its customers' data, and the operator of the service is its processor. Add their names and contacts to your own record
(GDPR, Art. 30).

## What data is used for

The access log says of each access which purpose it had.

${purposes()}

## Where it lies, and how long

${placesTable()}
`;
