import { CommandError, codes } from './errors.ts';

/** The position of a cursor. The engine's continuation contains all of it. */
export type OpenCursor = {
  readonly database: string;
  readonly continuation: Uint8Array;
};

type Entry = OpenCursor & { readonly usedAt: number };

// mongod closes a cursor that was not used for ten minutes.
const idleLimitMs = 600_000;

/** The cursors that clients have open, by id. */
export class Cursors {
  private readonly entries = new Map<bigint, Entry>();

  open(id: bigint, cursor: OpenCursor): void {
    this.entries.set(id, { ...cursor, usedAt: Date.now() });
  }

  /** Removes a cursor and returns it. The caller opens it again if there are more pages. Throws CursorNotFound. */
  take(id: bigint): OpenCursor {
    const entry = this.entries.get(id);
    if (!entry) throw new CommandError(codes.cursorNotFound, `cursor id ${id} not found`);
    this.entries.delete(id);
    return entry;
  }

  /** True if the cursor was open. */
  close(id: bigint): boolean {
    return this.entries.delete(id);
  }

  /** Closes cursors that were not used for ten minutes. Returns their ids. */
  closeIdle(now: number = Date.now()): bigint[] {
    const idle = [...this.entries].filter(([, entry]) => now - entry.usedAt > idleLimitMs).map(([id]) => id);
    for (const id of idle) this.entries.delete(id);
    return idle;
  }
}
