import { Refusal } from '#lib/domain/errors.ts';

/** A Lambda may answer 6 MB; what the gateway adds has to fit too. */
const LARGEST_ANSWER_BYTES = 5 * 1024 * 1024;

/**
 * Refuses a page that would not get through, and names a size that would. It is measured as its reader sees it: how long
 * a hidden note is, is hidden too.
 * @param text the body as it is about to be sent
 * @throws Refusal `page-too-large`
 */
export const refuseTooLarge = (body: unknown, text: string): void => {
  if (Buffer.byteLength(text) <= LARGEST_ANSWER_BYTES) return;
  const fittingPageSize = itemsThatFit(body);
  const advice = `Ask for ${String(fittingPageSize)} at once.`;
  throw new Refusal('page-too-large', `These customers do not fit into one answer. ${advice}`, {
    fittingPageSize,
  });
};

const itemsThatFit = (body: unknown): number => {
  if (typeof body !== 'object' || body === null || !('items' in body) || !Array.isArray(body.items)) {
    throw new Error('An answer that is no page does not fit into one answer.');
  }
  const items: readonly unknown[] = body.items;
  let bytes = Buffer.byteLength(JSON.stringify({ ...body, items: [] }));
  return items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + ','.length;
    return bytes > LARGEST_ANSWER_BYTES;
  });
};
