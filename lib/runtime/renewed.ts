/** A value that may be replaced at its source while the environment is warm. */
export type Renewed<T> = Readonly<{
  /** The value as it was read last. The caller waits only for the first one, and when the value is too old. */
  get: () => Promise<T>;
  /** The value, read again now. For callers that found the kept one to be out of date. */
  getAnew: () => Promise<T>;
  /** Resolves when no reading is under way, even if it failed. A reading must end before the environment freezes. */
  atRest: () => Promise<void>;
  /** Forgets the value. */
  forget: () => void;
}>;

type Source<T> = Readonly<{
  /** Reads the value. It receives the kept one and may return it when nothing has changed. */
  read: (kept: T | undefined) => Promise<T>;
  /** From this age on, a call starts reading it again and receives the kept value meanwhile. */
  renewAfterMs: number;
  /** From this age on, for example after a long freeze, a call waits until it is read again. */
  tooOldAfterMs: number;
  /** Called when reading again failed. The kept value stays in use. */
  onFailure: (error: unknown) => void;
  nowMs?: () => number;
}>;

/** Creates a value that is read on first use and again from time to time. A failed reading never replaces it. */
export const renewed = <T>({ nowMs = () => Date.now(), ...source }: Source<T>): Renewed<T> => {
  let kept: { value: T; triedAtMs: number } | undefined;
  let reading: Promise<T> | undefined;

  const readOver = async (before: T): Promise<T> => {
    try {
      return await source.read(before);
    } catch (error) {
      source.onFailure(error);
      return before;
    }
  };

  const getAnew = (): Promise<T> => {
    if (reading !== undefined) return reading;
    const attempt = (kept === undefined ? source.read(undefined) : readOver(kept.value)).then((value) => {
      if (reading === attempt) kept = { value, triedAtMs: nowMs() };
      return value;
    });
    const done = () => {
      if (reading === attempt) reading = undefined;
    };
    reading = attempt;
    void attempt.then(done, done);
    return attempt;
  };

  const get = async (): Promise<T> => {
    const ageMs = kept === undefined ? Infinity : nowMs() - kept.triedAtMs;
    if (kept === undefined || ageMs >= source.tooOldAfterMs) return await getAnew();
    if (ageMs >= source.renewAfterMs) void getAnew();
    return kept.value;
  };

  const atRest = async () => {
    await reading?.catch(() => undefined);
  };

  const forget = () => {
    kept = undefined;
    reading = undefined;
  };
  return { get, getAnew, atRest, forget };
};
