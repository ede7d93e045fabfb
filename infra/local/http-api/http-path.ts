/** Decodes what is well-formed and leaves the rest as it is. */
const decodeLeniently = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * The path as an HTTP API hands it on: decoded twice (`%252F` becomes `/`), and cut at an encoded question mark.
 * @returns undefined when the path is no valid percent-encoding: a 400
 */
export const decodePath = (path: string): string | undefined => {
  try {
    const [once = ''] = decodeURIComponent(path).split('?');
    return decodeLeniently(once);
  } catch {
    return undefined;
  }
};
