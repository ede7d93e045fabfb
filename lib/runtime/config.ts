/**
 * A setting that must be present.
 * @throws Error that names the variable, never its value
 */
export const requiredSetting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(
      `The environment variable ${name} is not set. The stack must set it for every function that needs it.`,
    );
  }
  return value;
};

/** A setting that may be absent. An empty one counts as absent. */
export const optionalSetting = (name: string): string | undefined => {
  const value = process.env[name];
  return value === '' ? undefined : value;
};

/**
 * A setting that is a number above 0, or undefined when it is absent.
 * @throws Error that names the variable, never its value
 */
export const numericSetting = (name: string): number | undefined => {
  const value = optionalSetting(name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!(number > 0)) throw new Error(`The environment variable ${name} is not a number above 0.`);
  return number;
};
