/** What a stored Buffer may come back as: Mongoose's own lean reads and aggregates answer the driver's Binary. */
export type StoredBytes = Uint8Array | { buffer: Uint8Array };

/** The bytes of a stored Buffer, whichever way it was read. */
export const bytesOf = (stored: StoredBytes): Buffer =>
  Buffer.from(stored instanceof Uint8Array ? stored : stored.buffer);
