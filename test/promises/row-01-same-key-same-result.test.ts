import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { type Answer, type Call, useService } from '#test/support/service.ts';
import { countIn } from '#test/support/stored.ts';

const service = useService('row-01');
const POSTS = sized({ short: 40, full: 1_000 });
const REPLAYS = 5;
const AMPLE_MS = 60_000;
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Sends a POST and, while the first of its kind is still being answered, again. */
const settled = async (post: (more: Call) => Promise<Answer>, headers: Record<string, string>) => {
  for (;;) {
    const answer = await post({ headers, remainingMs: AMPLE_MS });
    if (answer.status !== 409 || answer.body.code !== 'request-in-progress') return answer;
    expect(answer.headers['retry-after']).toBe('1');
    await pause();
  }
};

type Kind = 'create' | 'create with _id' | 'state' | 'restore';
const KINDS: readonly Kind[] = ['create', 'create with _id', 'state', 'restore'];

/** Something to be posted, and the customer it is about once it is done. */
const preparePost = async (business: Business, kind: Kind) => {
  if (kind === 'create' || kind === 'create with _id') {
    const _id = kind === 'create' ? undefined : randomUUID().replaceAll('-', '').slice(0, 24);
    const body = aCustomer({ _id });
    return { post: (more: Call) => business.create(body, more), changesBefore: 0 };
  }
  const { _id } = await added(business);
  if (kind === 'restore') {
    await business.delete(_id);
    return { post: (more: Call) => business.restore(_id, more), changesBefore: 2 };
  }
  return {
    post: (more: Call) =>
      business.setState(
        _id,
        { state: 'archived' },
        { ...more, headers: { 'if-match': '"0"', ...more.headers } },
      ),
    changesBefore: 1,
  };
};

describe('same key, same result', () => {
  it(
    'replays of a random POST have one effect and one answer, byte for byte',
    async () => {
      let posts = 0;
      let replayed = 0;
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...KINDS), fc.uuid(), async (kind, key) => {
          const business = aBusiness();
          const { post, changesBefore } = await preparePost(business, kind);
          const headers = { 'idempotency-key': key };
          const answers = await Promise.all(Array.from({ length: REPLAYS }, () => settled(post, headers)));
          const [first] = answers;
          expect([200, 201]).toContain(first?.status);
          expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
          expect(
            answers.filter((answer) => answer.headers['idempotent-replayed'] === undefined),
          ).toHaveLength(1);
          const customerId = first?.body._id;
          expect(await countIn(service, 'customer_audit', { customerId })).toBe(changesBefore + 1);
          expect(await countIn(service, 'outbox', { customerId })).toBe(changesBefore + 1);
          expect((await business.find()).body.totalSize).toBe(1);
          posts += 1;
          replayed += answers.length - 1;
        }),
        { numRuns: POSTS },
      );
      report(
        1,
        `${posts} random POSTs (full: 1,000) sent ${REPLAYS} times at once: ${posts} effects, ${replayed} equal replays`,
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
