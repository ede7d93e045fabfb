/** Decodes a well-formed text and returns any other unchanged. */
export const decodeLeniently = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * The path as an HTTP API passes it on: decoded twice (`%252F` becomes `/`), and cut at an encoded question mark.
 * @returns undefined when the path is not valid percent-encoding; the answer is then 400
 */
export const decodePath = (path: string): string | undefined => {
  try {
    const [once = ''] = decodeURIComponent(path).split('?');
    return decodeLeniently(once);
  } catch {
    return undefined;
  }
};
