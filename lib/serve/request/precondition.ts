import { Refusal } from '#lib/domain/errors.ts';

const ENTITY_TAGS = /^"[\w-]{1,40}"(?:\s*,\s*"[\w-]{1,40}"){0,9}$/;

/**
 * The versions that If-Match names (RFC 9110, 13.1.1); undefined without the header or with `*`.
 * @throws Refusal `version-required` when the header is required but absent, `invalid-request` when it is not a list
 * of ETags
 */
export const versionsIn = (
  headers: Readonly<Record<string, string | undefined>>,
  precondition: 'optional' | 'required',
): readonly string[] | undefined => {
  const header = headers['if-match']?.trim();
  if (header === undefined || header === '') {
    if (precondition === 'optional') return undefined;
    throw new Refusal(
      'version-required',
      'Send the header If-Match with the ETag of the version that you are changing.',
    );
  }
  if (header === '*') return undefined;
  // A weak tag never matches in a strong comparison. So it is a stale version, not a format error.
  const strong = header.replaceAll(/W\/"[\w-]{1,40}"/g, '"weak"');
  if (!ENTITY_TAGS.test(strong)) {
    throw new Refusal('invalid-request', 'The header If-Match must be an ETag.', {
      violations: [
        {
          in: 'header',
          pointer: '#/if-match',
          error: 'etag-format',
          message: 'Send the ETag as you received it, with its quotes.',
        },
      ],
    });
  }
  return strong.split(',').map((tag) => tag.trim().slice(1, -1));
};
