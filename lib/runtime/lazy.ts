/** A value that is created on first use and kept while the environment is warm. */
export type Lazy<T> = Readonly<{
  /** The value. After a failed attempt, the next call tries again. */
  get: () => Promise<T>;
  /** Forgets the value and returns it, if there was one. */
  forget: () => Promise<T> | undefined;
}>;

/** Creates a lazy value. */
export const lazy = <T>(make: () => Promise<T>): Lazy<T> => {
  let kept: Promise<T> | undefined;
  const forget = () => {
    const forgotten = kept;
    kept = undefined;
    return forgotten;
  };
  return {
    get: () => {
      if (kept !== undefined) return kept;
      const attempt = make();
      kept = attempt;
      void attempt.catch(() => {
        if (kept === attempt) kept = undefined;
      });
      return attempt;
    },
    forget,
  };
};
