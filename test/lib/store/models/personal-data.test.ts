import { describe, expect, it } from '@jest/globals';
import mongoose, { type Schema } from 'mongoose';
import { declaredIndexes } from '#lib/store/models/declared-indexes.ts';
import { type CollectionName, modelOf } from '#lib/store/models/models.ts';
import { personalData } from '#lib/store/models/personal-data.ts';

const connection = mongoose.createConnection();
const schemaOf = (name: CollectionName): Schema => (modelOf(connection, name) as any).schema;

/** Every path of a schema, down to the parts of its lists: what the list of kinds has to name. */
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
const COLLECTIONS = Object.keys(declaredIndexes) as CollectionName[];

describe('the list of what is personal', () => {
  it('names every collection', () => {
    expect(Object.keys(personalData).toSorted()).toEqual(COLLECTIONS.toSorted());
  });

  it.each(COLLECTIONS)('names every path of %s once, and no other', (name) => {
    // The version key is in the schema of customers only, and Mongoose adds it when a model is compiled.
    expect(
      kindsOf(personalData[name])
        .map(([path]) => path)
        .toSorted(),
    ).toEqual(pathsOf(schemaOf(name)).toSorted());
  });

  it.each(COLLECTIONS)(
    'has bytes wherever %s is sealed or keyed, and text wherever it is in clear',
    (name) => {
      for (const [path, kind] of kindsOf(personalData[name])) {
        const type: any = schemaOf(name).path(path);
        const instance = type.instance === 'Array' ? type.embeddedSchemaType.instance : type.instance;
        if (kind === 'sealed' || kind === 'keyed') expect([path, instance]).toEqual([path, 'Buffer']);
        if (kind === 'clear') expect([path, instance]).toEqual([path, 'String']);
      }
    },
  );
});
