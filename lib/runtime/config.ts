/** A setting that a function cannot work without. The error names the variable, never its value. */
export const requiredSetting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(
      `The environment variable ${name} is not set; the stack sets it for every function that needs it.`,
    );
  }
  return value;
};

/** A setting that may be absent; an empty one counts as absent. */
export const optionalSetting = (name: string): string | undefined => {
  const value = process.env[name];
  return value === '' ? undefined : value;
};
