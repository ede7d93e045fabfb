import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { STEPS, UNTOLD } from '#infra/build/openapi/story/story.ts';
import { useArchive } from '#test/support/archived.ts';
import { faultIn, operations } from '#test/support/described.ts';
import { keyringOf, useKeyring } from '#test/support/keyrings.ts';
import { useObjectEndpoint } from '#test/support/object-endpoint.ts';
import { playStory, recordOf } from '#test/support/story-player.ts';
import { useService } from '#test/support/service.ts';

const FILE = resolve(import.meta.dirname, '../../infra/build/openapi/story/answers.json');
const recorded = (): unknown => JSON.parse(readFileSync(FILE, 'utf8'));
const isRecording = process.env['RECORD'] === 'examples';

describe('the story of the examples', () => {
  const service = useService('examples');
  useObjectEndpoint();
  useArchive();
  beforeAll(() => {
    useKeyring(keyringOf('k1'));
  });

  it('is answered as the document shows it; npm run examples records it', async () => {
    const record = recordOf(await playStory(service));
    if (isRecording) writeFileSync(FILE, `${JSON.stringify(record, null, 2)}\n`);
    expect(record).toEqual(recorded());
  }, 120_000);
});

const told = operations.filter(({ name }) => !UNTOLD.includes(name));

/** The values of the examples of a part of the document. */
const valuesOf = ({ examples = {} }: any): unknown[] =>
  Object.values<any>(examples).map(({ value }) => value as unknown);

describe.each(told.map((operation) => [operation.name, operation] as const))(
  'the document of %s',
  (name, { parameters, bodies, responses }) => {
    it('has an example that fits for each body and each answer without a problem', () => {
      const answers = Object.entries(responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([, { content }]) => Object.values(content));
      for (const content of [...bodies, ...answers]) {
        const values = valuesOf(content);
        expect(values.length).toBeGreaterThan(0);
        for (const value of values) expect([name, faultIn(content.schema, value)]).toEqual([name, null]);
      }
    });

    it('has an example for each parameter that is required', () => {
      for (const { name: parameter, required, schema } of parameters) {
        const example = schema['example'];
        if (required === true) expect([parameter, typeof example]).toEqual([parameter, 'string']);
        if (example !== undefined) expect([parameter, faultIn(schema, example)]).toEqual([parameter, null]);
      }
    });
  },
);

describe('the use cases that the story does not tell yet', () => {
  it('are in no step of it', () => {
    expect(UNTOLD.filter((name) => STEPS.some(({ ask }) => ask === name))).toEqual([]);
  });
});

/** Every text of a value. */
const textsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

describe('the people of the examples', () => {
  const texts = textsOf([STEPS, recorded()]);

  it('have emails at domains that are kept for examples', () => {
    const emails = texts.filter((text) => text.includes('@'));
    expect(emails.length).toBeGreaterThan(10);
    for (const email of emails) expect(email).toMatch(/^[a-z.]+@example\.(?:com|org)$/);
  });

  it('have phones that are kept for fiction', () => {
    const phones = texts.filter((text) => text.startsWith('+'));
    expect(phones.length).toBeGreaterThan(10);
    for (const phone of phones) expect(phone.replaceAll(' ', '')).toMatch(/^\+447700900\d{3}$/);
  });
});
