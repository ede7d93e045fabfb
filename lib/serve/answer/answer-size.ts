import { LARGEST_ANSWER_BYTES } from '#lib/contract/answer-limit.ts';
import { Refusal } from '#lib/domain/errors.ts';

/**
 * Refuses a page, or a list of results, that is too large to send, and names a size that fits. The size is measured after masking,
 * because the length of a hidden note must stay hidden too.
 * @param text the body as it will be sent
 * @throws Refusal `page-too-large`
 */
export const refuseTooLarge = (body: unknown, text: string): void => {
  if (Buffer.byteLength(text) <= LARGEST_ANSWER_BYTES) return;
  const fittingPageSize = itemsThatFit(body);
  const most = String(fittingPageSize);
  const sentence = isPage(body)
    ? `This page is too large for one answer. Use a \`pageSize\` of at most ${most}.`
    : `These results are too large for one answer. Ask for at most ${most} at a time.`;
  throw new Refusal('page-too-large', sentence, { fittingPageSize });
};

type List = 'items' | 'results';

const listOf = (body: unknown, name: List): readonly unknown[] | null => {
  const list: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return Array.isArray(list) ? list : null;
};

const isPage = (body: unknown): boolean => listOf(body, 'items') !== null;

const itemsThatFit = (body: unknown): number => {
  const name = isPage(body) ? 'items' : 'results';
  const items = listOf(body, name);
  if (items === null)
    throw new Error('This answer is too large, and it is not a page that could be made smaller.');
  let bytes = Buffer.byteLength(JSON.stringify({ ...Object(body), [name]: [] }));
  return items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + ','.length;
    return bytes > LARGEST_ANSWER_BYTES;
  });
};
