/** Which functions have to be bundled again because a file was saved, and in which order. */
export class StaleFunctions {
  readonly #inputs = new Map<string, ReadonlySet<string>>();
  /** Not made of the newest files: never bundled, or bundling them failed. Whatever is saved may repair them. */
  readonly #broken = new Set<string>();
  #stale: readonly string[] = [];

  /** @param names all functions: each is stale until it was bundled once */
  constructor(names: readonly string[]) {
    this.#stale = names;
    for (const name of names) this.#broken.add(name);
  }

  /** Notes what a function was bundled of. */
  bundled(name: string, inputs: readonly string[]): void {
    this.#broken.delete(name);
    this.#inputs.set(name, new Set(inputs));
  }

  /** Notes that bundling a function failed. */
  failed(name: string): void {
    this.#broken.add(name);
  }

  /** Marks the functions that are made of any of these files, and returns them. */
  saved(files: readonly string[]): string[] {
    const made = [...this.#inputs]
      .filter(([, inputs]) => files.some((file) => inputs.has(file)))
      .map(([name]) => name);
    const affected = [...new Set([...made, ...this.#broken])];
    this.#stale = [...new Set([...this.#stale, ...affected])];
    return affected;
  }

  /** Whether a function has to be bundled again. */
  isStale(name: string): boolean {
    return this.#stale.includes(name);
  }

  /** Puts these at the front, as far as they are stale: somebody waits for them. */
  prefer(names: readonly string[]): void {
    const first = new Set(names);
    this.#stale = [
      ...this.#stale.filter((name) => first.has(name)),
      ...this.#stale.filter((name) => !first.has(name)),
    ];
  }

  /** Takes the next ones. */
  take(most: number): readonly string[] {
    const next = this.#stale.slice(0, most);
    this.#stale = this.#stale.slice(most);
    return next;
  }
}
