import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { asyncApiDocument, asyncApiText } from '#infra/build/async-api.ts';
import { CUSTOMER_EVENTS } from '#lib/contract/customer-events.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SPECIFICATION = 'node_modules/@asyncapi/specs/schemas/3.0.0.json';
const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');
/** Draft 7 of JSON Schema, without the formats: nothing here depends on one. */
const validator = (more: object = {}) => new Ajv({ strict: false, validateFormats: false, ...more });

describe('docs/events/asyncapi.json', () => {
  it('is what the schemas of the events say', () => {
    const isCurrent = read('docs/events/asyncapi.json') === asyncApiText();
    expect(isCurrent ? 'current' : 'out of date. Run: npm run readme').toBe('current');
  });

  it('is a valid document of AsyncAPI 3.0', () => {
    // It has its own copy of draft 7.
    const isValid = validator({ meta: false, validateSchema: false }).compile(
      JSON.parse(read(SPECIFICATION)),
    );
    const document = JSON.parse(asyncApiText());
    expect([isValid(document), isValid.errors]).toEqual([true, null]);
    expect(isValid({ ...document, channels: { customerEvents: { messages: [] } } })).toBe(false);
  });

  it('has each type of event once, and its references lead somewhere', () => {
    const { channels, components } = asyncApiDocument();
    const messages: any = components.messages;
    const types = Object.values(CUSTOMER_EVENTS).map(({ shape }) => shape.type.value);
    expect(Object.values(messages).map(({ name }: any) => name)).toEqual(types);
    for (const { $ref } of Object.values(channels.customerEvents.messages))
      expect(messages[$ref.replace('#/components/messages/', '')]).toBeDefined();
  });

  describe.each(Object.entries<any>(asyncApiDocument().components.messages))('%s', (_, message) => {
    const fits = validator().compile(message.payload);
    const [{ payload: example }] = message.examples;

    it('has an example that fits its schema', () => {
      expect([fits(example), fits.errors]).toEqual([true, null]);
    });

    it('lets a later version add a field', () => {
      expect(fits({ ...example, more: 1, data: { ...example.data, more: 1 } })).toBe(true);
    });

    it.each(['specversion', 'id', 'type', 'subject', 'businessid', 'partitionkey', 'sequence', 'data'])(
      'always has %s',
      (field) => {
        expect(fits({ ...example, [field]: undefined })).toBe(false);
      },
    );

    it('has no text that anybody can write', () => {
      const open = (schema: any): string[] =>
        schema.type === 'string' &&
        [schema.pattern, schema.enum, schema.const, schema.format].every((rule) => rule === undefined)
          ? [schema]
          : [...Object.values(schema.properties ?? {}), schema.items ?? {}].flatMap((part: any) =>
              Object.keys(part).length === 0 ? [] : open(part),
            );
      expect(open(message.payload)).toEqual([]);
    });
  });
});
