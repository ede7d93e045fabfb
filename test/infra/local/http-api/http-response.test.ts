import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { fromResult } from '#infra/local/http-api/http-response.ts';

describe('the result of a function', () => {
  it('is always an answer with a status between 200 and 599, or malformed', () => {
    const structured = fc.record(
      {
        statusCode: fc.jsonValue(),
        headers: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
        cookies: fc.jsonValue(),
        body: fc.jsonValue(),
        isBase64Encoded: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), structured), (result) => {
        const status = fromResult(JSON.stringify(result))?.status ?? 500;
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThanOrEqual(599);
      }),
    );
  });

  it.each([
    [{ statusCode: '204' }, { status: 204, headers: [] }],
    [
      { statusCode: 200, body: null },
      { status: 200, headers: [] },
    ],
    [
      { statusCode: 200, headers: { 'X-Number': 7, 'X-Flag': true } },
      {
        headers: [
          ['x-number', '7'],
          ['x-flag', 'true'],
        ],
      },
    ],
    [{ statusCode: 200, headers: { 'Content-Length': '9', Connection: 'close' } }, { headers: [] }],
    [null, { status: 200, body: Buffer.from('null') }],
    [[{ statusCode: 404 }], { status: 200, body: Buffer.from('[{"statusCode":404}]') }],
  ])('is read as it stands: %j', (result, expected) => {
    expect(fromResult(JSON.stringify(result))).toMatchObject(expected);
  });
});
