/** How long the past counts: what is older weighs less than a third. */
const MEMORY_MS = 20_000;
/** A rate that was measured for a shorter time jumps too much to be shown. */
const SHORTEST_MS = 2_000;

/** The rate of a long piece of work. It follows changes without jumping, because the last half minute counts most. */
export class Pace {
  #done = 0;
  #atMs: number;
  #recentDone = 0;
  #recentMs = 0;
  readonly #startedAtMs: number;

  constructor(startedAtMs: number) {
    this.#atMs = startedAtMs;
    this.#startedAtMs = startedAtMs;
  }

  /** Notes how much is done in all at a time. */
  reach(done: number, atMs: number): void {
    const elapsedMs = atMs - this.#atMs;
    const kept = Math.exp(-elapsedMs / MEMORY_MS);
    this.#recentDone = this.#recentDone * kept + (done - this.#done);
    this.#recentMs = this.#recentMs * kept + elapsedMs;
    this.#done = done;
    this.#atMs = atMs;
  }

  /** How much is done in a second; null in the first two seconds and while nothing is done. */
  get perSecond(): number | null {
    if (this.#atMs - this.#startedAtMs < SHORTEST_MS || this.#recentDone <= 0) return null;
    return (this.#recentDone / this.#recentMs) * 1_000;
  }
}
