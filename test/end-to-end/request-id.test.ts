import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { operations } from '#test/support/described.ts';
import { GATEWAY_ID } from '#test/support/service.ts';
import {
  aClientId,
  type HttpAnswer,
  type HttpCall,
  type Served,
  serveBundles,
} from '#test/support/served.ts';

let served: Served;
const lines: string[] = [];
beforeAll(async () => {
  served = await serveBundles('request-id', { log: (_by, line) => lines.push(line) });
}, 120_000);
afterAll(() => served.stop());
beforeEach(() => {
  lines.length = 0;
});

/** A line arrives over a pipe, so it may come after the answer. */
const linesOf = async (id: string): Promise<any[]> => {
  const found = () => lines.filter((line) => line.includes(id)).map((line) => JSON.parse(line));
  const isAnswered = () => found().some(({ message }) => /^request-/.test(message));
  while (!isAnswered()) await new Promise((done) => setTimeout(done, 10));
  return found();
};

const asking = (path: string): HttpCall => ({
  headers: { origin: 'https://panel.example.com' },
  ...(path.endsWith('{id}') && { role: 'SUPPORT' }),
});

describe('over HTTP, one id', () => {
  it.each(operations.map(({ name, method, path }) => [name, method, path] as const))(
    '%s: it is the gateway’s, in the answer and in the lines of the function',
    async (_name, method, path) => {
      const place = path.replace('{id}', aClientId());
      const answer: HttpAnswer = await served.request(method, place, asking(path));
      const id = answer.headers.get('x-request-id') ?? '';
      expect(id).toMatch(GATEWAY_ID);
      expect(id).toBe(answer.headers.get('apigw-requestid'));
      expect(answer.headers.get('access-control-expose-headers')?.split(',')).toEqual(
        expect.arrayContaining(['x-request-id', 'apigw-requestid']),
      );
      if (answer.status >= 400) expect(answer.body.instance).toBe(`urn:request:${id}`);
      for (const { requestId } of await linesOf(id)) expect(requestId).toBe(id);
    },
  );

  it('is on the gateway’s own answers too, by the gateway’s name for it', async () => {
    const origin = { origin: 'https://panel.example.com' };
    for (const answer of [
      await served.request('GET', '/api/v1/customer/paged', { token: null, headers: origin }),
      await served.request('GET', '/nowhere', { headers: origin }),
    ]) {
      expect([401, 404]).toContain(answer.status);
      expect(answer.headers.get('apigw-requestid')).toMatch(GATEWAY_ID);
      expect(answer.headers.get('access-control-expose-headers')).toContain('apigw-requestid');
    }
  });
});
