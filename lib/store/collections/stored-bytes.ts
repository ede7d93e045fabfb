/** A stored Buffer as it is read back. Lean reads and aggregations of Mongoose return the driver's Binary. */
export type StoredBytes = Uint8Array | { buffer: Uint8Array };

/** The bytes of a stored value; null when it is missing or something else than bytes. */
export const bytesIn = (stored: unknown): Buffer | null => {
  const isBinary = typeof stored === 'object' && stored !== null && 'buffer' in stored;
  if (stored instanceof Uint8Array) return bytesOf(stored);
  return isBinary && stored.buffer instanceof Uint8Array ? bytesOf(stored.buffer) : null;
};

/** The bytes of a stored Buffer, however it was read. They are not copied. */
export const bytesOf = (stored: StoredBytes): Buffer => {
  const bytes = stored instanceof Uint8Array ? stored : stored.buffer;
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};
