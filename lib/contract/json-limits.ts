/** How deep the lists and objects of a JSON text may be nested. The deepest valid body, a timeline in a bulk, has 6 levels. */
export const DEEPEST_LEVEL = 20;

/** An entry of a timeline, the densest part of a valid body, has 3 members in at least 50 bytes. */
const BYTES_PER_MEMBER = 16;

/** How many members a JSON text may have where it may have this many bytes: 8,192 in 128 KiB. */
export const mostMembers = (limitBytes: number): number => Math.floor(limitBytes / BYTES_PER_MEMBER);

/** A limit of JSON texts, named as in a violation. */
export type JsonExcess = 'too-deep' | 'too-many-members';

/**
 * The first limit that a JSON text exceeds, or null. A member is a field of an object or an entry of a list. It reads the text once,
 * before it is parsed and without recursion, so that no later step meets a value that is too deep for the stack. In a text that is not
 * JSON it reads as far as a parser would.
 */
export const jsonExcess = (text: string, most: number): JsonExcess | null => {
  let depth = 0;
  // Of each list and object, the first member is counted by its bracket and each further one by its comma.
  let members = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isInText) {
      if (character === '\\') at += 1;
      else isInText = character !== '"';
    } else if (character === '"') isInText = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      members += 1;
    } else if (character === ']' || character === '}') depth -= 1;
    else if (character === ',') members += 1;
    if (depth > DEEPEST_LEVEL) return 'too-deep';
    if (members > most) return 'too-many-members';
  }
  return null;
};
