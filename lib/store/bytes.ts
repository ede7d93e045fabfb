/** What a stored Buffer may come back as: Mongoose's own lean reads and aggregates answer the driver's Binary. */
export type StoredBytes = Uint8Array | { buffer: Uint8Array };

/** The bytes of a stored Buffer, whichever way it was read: those that were read, not a copy of them. */
export const bytesOf = (stored: StoredBytes): Buffer => {
  const bytes = stored instanceof Uint8Array ? stored : stored.buffer;
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};
