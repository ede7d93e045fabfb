/** A value made on first use and kept while the environment is warm. A failure is forgotten, so the next call tries again. */
export const lazy = <T>(make: () => Promise<T>): { get: () => Promise<T>; forget: () => void } => {
  let kept: Promise<T> | undefined;
  const forget = () => {
    kept = undefined;
  };
  return {
    get: () => {
      const current = (kept ??= make());
      current.catch(() => {
        if (kept === current) forget();
      });
      return current;
    },
    forget,
  };
};
