import { describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { goodRequest, handlerOf, routes } from '#test/support/routes.ts';
import { aBusinessId, type Answer, call, useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const service = useService('other-businesses');
const aboutOne = routes.filter(({ params }) => params !== undefined).map(({ name }) => name);

/** An answer without what names this one request. */
const comparable = ({ status, headers, body }: Answer, id: string) => ({
  status,
  headers,
  body: JSON.stringify({ ...body, instance: '' }).replaceAll(id, '<id>'),
});

describe('a route asked for a customer of another business', () => {
  it.each(aboutOne)('%s: answers as for an id that nobody has, and does nothing', async (name) => {
    const foreign = await added(aBusiness(), { state: 'deleted' });
    const unknown = aBusinessId();
    const { businessId } = aBusiness();
    const handler = await handlerOf(name);
    const [one, other] = await expectNothingWritten(service, async (): Promise<readonly [Answer, Answer]> => [
      await call(handler, { businessId, ...goodRequest(name, foreign._id) }),
      await call(handler, { businessId, ...goodRequest(name, unknown) }),
    ]);
    expect(comparable(one, foreign._id)).toEqual(comparable(other, unknown));
  });
});
