import { describe, expect, it } from '@jest/globals';
import { contract } from '#functions/upkeep/get-openapi-document/contract.ts';
import { getOpenApiDocument } from '#functions/upkeep/get-openapi-document/get-openapi-document.ts';
import { servePublic } from '#lib/serve/serve-public.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { send } from '#test/support/service.ts';

const DOCUMENT = { openapi: '3.1.0', info: { title: 'Customers' }, paths: {} };
/** As the HTTP API makes it on a route without an authorizer. */
const EVENT = { headers: {}, rawPath: '/api/v1/openapi.json', rawQueryString: '', requestContext: {} };

const handlerReading = (document: string) =>
  servePublic(contract, getOpenApiDocument({ readDocument: () => Promise.resolve(document) }));

describe('GET /api/v1/openapi.json', () => {
  it('answers the document that the build made, without a token', async () => {
    const { status, headers, body } = await send(handlerReading(JSON.stringify(DOCUMENT)), EVENT);
    expect([status, body]).toEqual([200, DOCUMENT]);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=300', vary: 'origin' });
  });

  it('answers 500 without detail when the document is not there', async () => {
    const answer = await send(handlerReading('not JSON, but a canary'), EVENT);
    expectProblem(answer, 500, 'internal-error');
    expect(answer.text).not.toContain('canary');
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});
