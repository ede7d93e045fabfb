const SMALLEST = 16;
/** Up to this many bytes the classes are powers of two, and multiples of it beyond. */
const LARGEST_POWER = 1_024;
/** Marks the end of a text. Only zeros follow it, so the last byte with this value is always the mark. */
const END = 0x80;

const classOf = (bytes: number): number => {
  const step = Math.min(LARGEST_POWER, Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(bytes))));
  return Math.ceil(bytes / step) * step;
};

/**
 * A text as UTF-8 in one of a few lengths: with its end mark, the next power of two from 16 to 1,024 bytes, or else the
 * next multiple of 1,024.
 */
export const padded = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const filled = Buffer.alloc(classOf(bytes.length + 1));
  filled.set(bytes);
  filled[bytes.length] = END;
  return filled;
};

/** The text that `padded` was given. */
export const unpadded = (filled: Buffer): string => filled.toString('utf8', 0, filled.lastIndexOf(END));
