import { describe, expect, it } from '@jest/globals';
import { toCustomer } from '#lib/store/customer-document.ts';
import { keysOf } from '#lib/store/keys.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aScope } from '#test/support/a-scope.ts';
import { aBusinessId, useService } from '#test/support/service.ts';
import { documentIn } from '#test/support/stored.ts';

const service = useService('keys-of-the-caller');

// Every other layer is out of the way: the document lies open before whoever asks.
describe('a customer that reached another business all the same', () => {
  it('stays shut, for its keys are those of its own', async () => {
    const owner = aBusiness();
    const { _id, email } = await added(owner);
    const document = await documentIn(service, 'customer', { _id });
    expect(toCustomer(document, await keysOf(aScope(owner.businessId)))).toMatchObject({ email });
    const strangersKeys = await keysOf(aScope(aBusinessId()));
    expect(() => toCustomer(document, strangersKeys)).toThrow();
    for (const field of ['email', 'phone', 'note']) {
      const others = { ...document, email: null, phone: null, note: null, [field]: document[field] };
      expect(() => toCustomer(others, strangersKeys)).toThrow(/^(?!.*canary)/i);
    }
  });
});
