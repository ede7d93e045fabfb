/** A value that somebody may replace while the environment is warm. */
export type Renewed<T> = Readonly<{
  /** The value as it was read not too long ago; only the first one, and one that is too old, is waited for. */
  get: () => Promise<T>;
  /** The value as it is now, for who has seen that the kept one is out of date. */
  getAnew: () => Promise<T>;
  /** Ends when it is not being read any more, whatever came of it: what is under way freezes with the environment. */
  atRest: () => Promise<void>;
  /** Forgets the value. */
  forget: () => void;
}>;

type Source<T> = Readonly<{
  /** Reads the value; gets the one that is kept, to be given back when nothing has changed. */
  read: (kept: T | undefined) => Promise<T>;
  /** From this age on it is read again beside whoever asks, who goes on with the kept one. */
  renewAfterMs: number;
  /** From this age on, as after a long freeze, whoever asks waits until it is read again. */
  tooOldAfterMs: number;
  /** Hears why a value could not be read again; the kept one goes on. */
  onFailure: (error: unknown) => void;
  nowMs?: () => number;
}>;

/** Makes a value that is read on first use and again from time to time. What cannot be read never replaces it. */
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
