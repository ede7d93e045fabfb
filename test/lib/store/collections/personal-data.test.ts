import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import mongoose, { type Schema } from 'mongoose';
import { type CollectionName, collections } from '#lib/store/collections/collections.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

const connection = mongoose.createConnection();
const schemaOf = (name: CollectionName): Schema => (modelOf(connection, name) as any).schema;

/** Every path of a schema, including the parts of its lists. The kinds must name exactly these. */
const pathsOf = (schema: Schema): string[] =>
  Object.entries(schema.paths).flatMap(([path, { schema: part }]: [string, any]) =>
    part === undefined ? [path] : pathsOf(part).map((inner) => `${path}.${inner}`),
  );
const kindsOf = (kinds: object): [string, string][] =>
  Object.entries(kinds).flatMap(([path, kind]: [string, any]) =>
    typeof kind === 'string'
      ? [[path, kind] as [string, string]]
      : kindsOf(kind).map(([inner, innerKind]): [string, string] => [`${path}.${inner}`, innerKind]),
  );
const NO_COLLECTION = [
  'README.md',
  'collections.ts',
  'define-collection.ts',
  'first-id.ts',
  'stored-bytes.ts',
];
const COLLECTIONS = Object.keys(collections) as CollectionName[];

describe('the kinds of personal data', () => {
  it('names every collection: each file beside the list is in it', () => {
    const files = readdirSync(join(import.meta.dirname, '../../../../lib/store/collections'))
      .filter((file) => !NO_COLLECTION.includes(file))
      .map((file) => file.replace('.ts', '').replaceAll('-', '_'));
    expect(files.toSorted()).toEqual(COLLECTIONS.toSorted());
  });

  it.each(COLLECTIONS)('names every path of %s once, and no other', (name) => {
    // The version key is in the schema of customers only, and Mongoose adds it when a model is compiled.
    expect(
      kindsOf(collections[name].kinds)
        .map(([path]) => path)
        .toSorted(),
    ).toEqual(pathsOf(schemaOf(name)).toSorted());
  });

  it.each(COLLECTIONS)(
    'has bytes wherever %s is sealed or keyed, and text wherever it is in clear',
    (name) => {
      for (const [path, kind] of kindsOf(collections[name].kinds)) {
        const type: any = schemaOf(name).path(path);
        const instance = type.instance === 'Array' ? type.embeddedSchemaType.instance : type.instance;
        if (kind === 'sealed' || kind === 'keyed') expect([path, instance]).toEqual([path, 'Buffer']);
        if (kind === 'clear') expect([path, instance]).toEqual([path, 'String']);
      }
    },
  );
});
