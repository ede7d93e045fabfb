import { LARGEST_ANSWER_BYTES } from '#lib/contract/answer-limit.ts';
import { Refusal } from '#lib/domain/errors.ts';

/**
 * Refuses a page that is too large to send, and names a page size that fits. The size is measured after masking,
 * because the length of a hidden note must stay hidden too.
 * @param text the body as it will be sent
 * @throws Refusal `page-too-large`
 */
export const refuseTooLarge = (body: unknown, text: string): void => {
  if (Buffer.byteLength(text) <= LARGEST_ANSWER_BYTES) return;
  const fittingPageSize = itemsThatFit(body);
  const advice = `Use a \`pageSize\` of at most ${String(fittingPageSize)}.`;
  throw new Refusal('page-too-large', `This page is too large for one answer. ${advice}`, {
    fittingPageSize,
  });
};

const itemsThatFit = (body: unknown): number => {
  if (typeof body !== 'object' || body === null || !('items' in body) || !Array.isArray(body.items)) {
    throw new Error('This answer is too large, and it is not a page that could be made smaller.');
  }
  const items: readonly unknown[] = body.items;
  let bytes = Buffer.byteLength(JSON.stringify({ ...body, items: [] }));
  return items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + ','.length;
    return bytes > LARGEST_ANSWER_BYTES;
  });
};
