/** One message of the MongoDB wire protocol, without its 16-byte header. */
export type Frame = {
  readonly requestId: number;
  /** In an answer, the id of what it answers. */
  readonly responseTo: number;
  readonly opCode: number;
  readonly payload: Buffer;
};

const headerBytes = 16;
// The limit that a server announces as maxMessageSizeBytes. A longer message is not valid.
export const maxFrameBytes = 48_000_000;

let lastRequestId = 0;

/** Collects the bytes of one socket and returns whole messages, in whatever pieces they arrive. */
export class FrameReader {
  private pieces: Buffer[] = [];
  private size = 0;

  /** Adds bytes that arrived. Throws RangeError for an invalid length. */
  push(chunk: Buffer): Frame[] {
    this.pieces.push(chunk);
    this.size += chunk.length;
    const frames: Frame[] = [];
    for (let bytes = this.nextBytes(); bytes; bytes = this.nextBytes()) {
      frames.push({
        requestId: bytes.readInt32LE(4),
        responseTo: bytes.readInt32LE(8),
        opCode: bytes.readInt32LE(12),
        payload: bytes.subarray(headerBytes),
      });
    }
    return frames;
  }

  private nextBytes(): Buffer | undefined {
    if (this.size < headerBytes) return undefined;
    if ((this.pieces[0]?.length ?? 0) < headerBytes) this.join();
    const length = this.pieces[0]?.readInt32LE(0) ?? 0;
    if (length < headerBytes || length > maxFrameBytes)
      throw new RangeError(`a message cannot have ${length} bytes`);
    if (this.size < length) return undefined;
    const all = this.join();
    this.size -= length;
    this.pieces = this.size > 0 ? [all.subarray(length)] : [];
    return all.subarray(0, length);
  }

  private join(): Buffer {
    const all = this.pieces.length === 1 && this.pieces[0] ? this.pieces[0] : Buffer.concat(this.pieces);
    this.pieces = [all];
    return all;
  }
}

/** Puts the header before a payload; `responseTo` is the request's id. */
export const frame = (opCode: number, responseTo: number, payload: readonly Uint8Array[]): Buffer => {
  const header = Buffer.alloc(headerBytes);
  const length = payload.reduce((sum, piece) => sum + piece.length, headerBytes);
  lastRequestId = (lastRequestId + 1) % 0x7fffffff;
  header.writeInt32LE(length, 0);
  header.writeInt32LE(lastRequestId, 4);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(opCode, 12);
  return Buffer.concat([header, ...payload], length);
};
