import type { Schema, Types } from 'mongoose';

/** An index. Migrations build it, and tests compare it with the indexes that the database lists. */
export type IndexDeclaration = Readonly<{
  name: string;
  key: Readonly<Record<string, 1>>;
  unique?: true;
  partialFilterExpression?: Readonly<Record<string, unknown>>;
  expireAfterSeconds?: number;
}>;

/** How the guard finds out which business a document belongs to. */
export type Owner =
  /** The field `businessId` names the business. */
  | 'businessId'
  /** The document's own id is the business's id. */
  | '_id'
  /** By the customer's link to the business. */
  | 'link'
  /** It belongs to no business. Its own id is the subject of a caller's token. */
  | 'caller'
  /** The field `businessId`. Beside that, a business may ask which of the ids it names exist, in any business. */
  | 'existence'
  /** The document belongs to the service and to no business. */
  | 'service';

/** How sensitive a stored field is. */
export type DataKind =
  /** Personal data, sealed with a key of the business. */
  | 'sealed'
  /** Made from personal data with a key of the business: an index, a token or a hash. Reveals nothing without the key. */
  | 'keyed'
  /** Personal data in clear: names only, because lists are sorted by them. */
  | 'clear'
  /** Not personal: ids, states, times, counts, names of fields. */
  | 'technical';

/** The kinds that a field's type allows: only bytes can be sealed or keyed, and only a string can be a name. */
type KindOf<V> = V extends Buffer | Buffer[]
  ? 'sealed' | 'keyed'
  : V extends string
    ? 'clear' | 'technical'
    : V extends Types.ObjectId | Types.ObjectId[] | Date | number | boolean | null | string[]
      ? 'technical'
      : V extends readonly (infer Part)[]
        ? { readonly [P in keyof Part]: KindOf<Part[P]> }
        : V extends object
          ? { readonly [P in keyof V]-?: KindOf<NonNullable<V[P]>> }
          : never;

/** Every path of a document with its kind. A field without a kind does not compile. */
export type Kinds<D> = { readonly [P in keyof D]-?: KindOf<NonNullable<D[P]>> };

type FieldOf<D> = keyof D & string;

/** How a document of one customer is removed when the customer is erased. */
export type Erasing<Field extends string = string> =
  /** In the transaction with which the erasure begins: from then on nobody can read or find the person. */
  | Readonly<{ by: 'begin' }>
  /** Document by document after that. */
  | Readonly<{ by: 'sweep' }>
  /**
   * Document by document after that. In the same transaction, the ids by which the document's source names the customer are
   * noted with the source, so that it does not create the customer again.
   */
  | Readonly<{ by: 'handing over'; ids: Field }>
  /** These fields are removed. The rest stays, because of `why`. */
  | Readonly<{ by: 'blanking'; fields: readonly Field[]; why: string }>
  /**
   * These fields are removed in the transaction with which the erasure begins, so that nobody can read the document's object
   * in the archive. After that the object is deleted, then the document. Only a task with the bucket can do that.
   */
  | Readonly<{ by: 'shredding'; fields: readonly Field[] }>
  /** This field is removed where the document is about this customer only. Where it is about several, it is deleted. */
  | Readonly<{ by: 'emptying'; field: Field; why: string }>
  /** Nothing. */
  | Readonly<{ by: 'keeping'; why: string }>;

/** The lists of an export, in their order. Each has a reader in lib/store/rights/exported-entries.ts and a form in the contract. */
export const EXPORT_LISTS = ['consents', 'activity', 'changes'] as const;
export type ExportList = (typeof EXPORT_LISTS)[number];

/** Fields that an export does not show, and why. */
type Withheld<Field extends string> = readonly Readonly<{ fields: readonly Field[]; why: string }>[];

/** Which export shows the documents of one customer: of everything (article 15), or also of what was given and done (20). */
export type Exported<Field extends string = string> =
  | Readonly<{ under: 'none'; why: string }>
  | Readonly<{
      under: '15' | '15 and 20';
      /** The record of the customer itself, or a list of entries, in the order of a field that never changes. */
      as: 'record' | Readonly<{ list: ExportList; orderedBy: Field & ('_id' | 'seq') }>;
      shows: readonly Field[];
      withholds: Withheld<Field>;
    }>;

/** What happens with the documents of one customer when it goes to the archive. */
export type Archiving<Field extends string = string> =
  /** Its object has a copy. These fields leave the database until the customer is back. */
  | Readonly<{ by: 'copying'; removes?: readonly Field[] }>
  /** While there is one, the customer stays. */
  | Readonly<{ by: 'blocking' }>
  /** They stay, and the object has no copy. */
  | Readonly<{ by: 'staying' }>;

/** What happens with the documents of one customer when the privacy law asks for it, and in the archive. */
export type Person<Field extends string = string> = Readonly<{
  /** The field that names the customer. */
  foundBy: Field;
  erasing: Erasing<Field>;
  exported: Exported<Field>;
  archiving: Archiving<Field>;
  /** What it is, in words for the customer and the authority. */
  holds: string;
  /** Until when it is kept, in words that follow "kept". */
  keptUntil: string;
}>;

/** Until when the record of a customer is kept. */
export const RECORD_TIME =
  'until the customer is erased, or until it is deleted and the retention time of the business is over';

/** The declaration of one collection. */
export type Collection<D> = Readonly<{
  /** Built on first use: each schema costs a millisecond of a cold start, and a request needs only a few. */
  schema: () => Schema;
  /** All indexes except the one on `_id`. */
  indexes: readonly IndexDeclaration[];
  owner: Owner;
  /** No document is ever updated, and only an erasure deletes any. */
  isAppendOnly?: true;
  kinds: Kinds<D>;
  /** Null when no document is about one customer. */
  person: Person<FieldOf<D>> | null;
  /** The database refuses documents that do not match it. */
  validator?: Readonly<Record<string, unknown>>;
  /** Carries the type of the documents; it never has a value. */
  document?: D;
}>;

/** Declares a collection. Models, migrations, the guard and the classification of personal data read the declaration. */
export const defineCollection = <D>(collection: Omit<Collection<D>, 'document'>): Collection<D> => collection;
