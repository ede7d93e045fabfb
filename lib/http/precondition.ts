import { Refusal } from '#lib/domain/errors.ts';

const ENTITY_TAGS = /^"[\w-]{1,40}"(?:\s*,\s*"[\w-]{1,40}"){0,9}$/;

/**
 * The versions that If-Match accepts (RFC 9110, 13.1.1): undefined without the header or with `*`.
 * @throws Refusal `version-required` when it must be there, `invalid-request` when it is no list of strong tags
 */
export const versionsIn = (
  headers: Readonly<Record<string, string | undefined>>,
  precondition: 'optional' | 'required',
): readonly string[] | undefined => {
  const header = headers['if-match']?.trim();
  if (header === undefined || header === '') {
    if (precondition === 'optional') return undefined;
    throw new Refusal('version-required', 'Send If-Match with the ETag of the version you are changing.');
  }
  if (header === '*') return undefined;
  // A weak tag never matches strongly, so it is a stale one, not a malformed one.
  const strong = header.replaceAll(/W\/"[\w-]{1,40}"/g, '"weak"');
  if (!ENTITY_TAGS.test(strong)) {
    throw new Refusal('invalid-request', 'If-Match must be an ETag as it was answered, with its quotes.', {
      violations: [
        {
          in: 'header',
          pointer: '#/if-match',
          error: 'etag-format',
          message: 'Send the ETag as it was answered, with its quotes.',
        },
      ],
    });
  }
  return strong.split(',').map((tag) => tag.trim().slice(1, -1));
};
