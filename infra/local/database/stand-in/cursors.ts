import { CommandError, codes } from './errors.ts';

/** Where a cursor stands: the engine keeps nothing but what its continuation says. */
export type OpenCursor = {
  readonly database: string;
  readonly continuation: Uint8Array;
};

type Entry = OpenCursor & { readonly usedAt: number };

// mongod closes a cursor that nobody used for ten minutes.
const idleLimitMs = 600_000;

/** The cursors that clients have open, by id. */
export class Cursors {
  private readonly entries = new Map<bigint, Entry>();

  open(id: bigint, cursor: OpenCursor): void {
    this.entries.set(id, { ...cursor, usedAt: Date.now() });
  }

  /** Takes a cursor out; who takes it opens it again when there is more. Throws CursorNotFound. */
  take(id: bigint): OpenCursor {
    const entry = this.entries.get(id);
    if (!entry) throw new CommandError(codes.cursorNotFound, `cursor id ${id} not found`);
    this.entries.delete(id);
    return entry;
  }

  /** True if there was one. */
  close(id: bigint): boolean {
    return this.entries.delete(id);
  }

  /** Closes what nobody used for ten minutes and gives the ids. */
  closeIdle(now: number = Date.now()): bigint[] {
    const idle = [...this.entries].filter(([, entry]) => now - entry.usedAt > idleLimitMs).map(([id]) => id);
    for (const id of idle) this.entries.delete(id);
    return idle;
  }
}
