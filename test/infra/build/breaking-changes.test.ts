import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openApiText } from '#infra/build/openapi.ts';
import { breakingChanges, unnamed } from '#infra/build/openapi/breaking-changes.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const RELEASED = join(ROOT, 'docs/openapi-released.json');
const PRESENT = join(ROOT, 'docs/openapi.json');
const CUSTOMER = '/api/v1/customer';

const folder = mkdtempSync(join(tmpdir(), 'breaking-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The document of today as a file, after a change. */
const changed = (name: string, change: (document: any, schemas: any) => void): string => {
  const document = JSON.parse(openApiText());
  change(document.paths, document.components.schemas);
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(document));
  return path;
};

const bodyOf = (operation: any): any => operation.requestBody.content['application/json'].schema;

describe('what breaks callers', () => {
  it('is nothing, against the released document, that the changelog does not name', async () => {
    const { info } = JSON.parse(readFileSync(RELEASED, 'utf8'));
    const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
    const breaking = await breakingChanges(RELEASED, PRESENT);
    expect(unnamed(breaking, changelog, info.version)).toEqual([]);
  }, 60_000);

  it('is each removal, and each narrower input and wider answer', async () => {
    const path = changed('breaking.json', (paths, schemas) => {
      paths[`${CUSTOMER}/{id}/history`] = undefined;
      delete paths[`${CUSTOMER}/{id}`].delete;
      delete paths[CUSTOMER].post.responses['200'];
      delete schemas.CustomerDto.properties.note;
      schemas.CustomerDto.required = schemas.CustomerDto.required.filter((name: string) => name !== 'note');
      schemas.CustomerDto.properties.state.enum.push('lost');
      schemas.CustomerDraft.required = ['firstName'];
      schemas.CustomerDraft.properties.customerType.enum.pop();
      delete schemas.CustomerChanges.properties.email;
      // It is sent and answered: an answer may not have more values.
      const attendee = schemas.AttendeeDraft.properties.customer.properties;
      attendee.customerType.anyOf[0].enum.push('other');
      schemas.BusinessSettingsChanges.properties.retentionDays.anyOf[0].maximum = 100;
      bodyOf(paths[`${CUSTOMER}/{id}/state`].post).properties.reason.maxLength = 10;
      schemas.BusinessSettingsChanges.properties.uniqueEmail.type = 'string';
      const { parameters } = paths[`${CUSTOMER}/paged`].get;
      parameters.push({ in: 'query', name: 'from', required: true, schema: { type: 'string' } });
      const lookUp = paths[`${CUSTOMER}/lookup`].get;
      lookUp.parameters = lookUp.parameters.filter(({ name }: { name: string }) => name !== 'phone');
      paths['/api/v1/openapi.json'].get.security = [{ bearer: [] }];
    });
    expect((await breakingChanges(PRESENT, path)).toSorted()).toEqual([
      '`/api/v1/customer/{id}/history`: Path `/api/v1/customer/{id}/history` was removed.',
      '`DELETE /api/v1/customer/{id}`: Operation `DELETE /api/v1/customer/{id}` was removed.',
      '`GET /api/v1/customer/lookup`: `phone` query parameter was removed.',
      '`GET /api/v1/customer/paged`: Required `from` query parameter was added.',
      '`GET /api/v1/openapi.json`: Authentication became required.',
      "`POST /api/v1/customer/attendees`, `customerType`: Enum gained values: 'other'.",
      "`POST /api/v1/customer/{id}/state`: `maxLength` of `reason` changed from '500' to '10'.",
      "`POST /api/v1/customer`: Enum of `customerType` lost values: 'anonymous'.",
      "`POST /api/v1/customer`: Enum of `state` gained values: 'lost'.",
      '`POST /api/v1/customer`: Properties of `CustomerDraft` became required: `firstName`.',
      '`POST /api/v1/customer`: Properties of `CustomerDto` are no longer required: `note`.',
      '`POST /api/v1/customer`: Property `note` of `CustomerDto` was removed.',
      '`POST /api/v1/customer`: Response `200` was removed.',
      "`PUT /api/v1/customer/settings`, `retentionDays`: Upper bound changed from '<= 36500' to '<= 100'.",
      "`PUT /api/v1/customer/settings`: Type of `uniqueEmail` narrowed from 'boolean' to 'string'.",
      '`PUT /api/v1/customer/{id}`: Property `email` of `CustomerChanges` was removed.',
    ]);
  }, 60_000);

  it('is no new operation, field or answer, no wider input and no other word', async () => {
    const path = changed('harmless.json', (paths, schemas) => {
      paths[`${CUSTOMER}/new`] = { get: { ...paths[`${CUSTOMER}/settings`].get, operationId: 'get-new' } };
      schemas.CustomerDto.properties.nickname = { type: 'string' };
      schemas.CustomerDraft.properties.nickname = { type: 'string' };
      schemas.CustomerDraft.properties.customerType.enum.push('other');
      schemas.CustomerDraft.properties.customerType.description = 'another word';
      bodyOf(paths[`${CUSTOMER}/{id}/state`].post).properties.reason.maxLength = 1_000;
      paths[`${CUSTOMER}/paged`].get.parameters.push({ in: 'query', name: 'a', schema: { type: 'string' } });
      paths[CUSTOMER].post.responses['202'] = paths[CUSTOMER].post.responses['201'];
      paths['/api/v1/openapi.json'].get.summary = 'another word';
    });
    expect(await breakingChanges(PRESENT, path)).toEqual([]);
  }, 60_000);
});

describe('the changelog', () => {
  const BREAKING = ['`GET /a`: Response `200` was removed.', '`PUT /b`: Property `c` of `D` was removed.'];

  it('names a change with a line that begins with Breaking and the sentence, also over several lines', () => {
    const changelog =
      '## Unreleased\n\n- Breaking: `GET /a`: Response\n  `200` was removed. It is 201 now.\n\n## 0.1.0\n';
    expect(unnamed(BREAKING, changelog, '0.1.0')).toEqual([BREAKING[1]]);
  });

  it('must name it after the released version', () => {
    const changelog = `## 0.2.0\n\n- Nothing.\n\n## 0.1.0\n\n- Breaking: ${BREAKING[0]!}\n`;
    expect(unnamed(BREAKING, changelog, '0.1.0')).toEqual(BREAKING);
    expect(unnamed(BREAKING, changelog, '0.0.9')).toEqual([BREAKING[1]]);
  });

  it('does not name it in passing', () => {
    expect(unnamed(BREAKING, `- ${BREAKING[0]!}\n`, '0.1.0')).toEqual(BREAKING);
  });
});
