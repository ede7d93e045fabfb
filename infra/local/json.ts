export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses JSON text. @throws SyntaxError */
export const parseJson = (text: string): unknown => JSON.parse(text);

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at `key`, or an empty object. */
export const objectAt = (from: JsonObject, key: string): JsonObject => {
  const value = from[key];
  return isObject(value) ? value : {};
};

/** The list at `key`; an empty list when there is nothing, a list of one for a single value. */
export const listAt = (from: JsonObject, key: string): readonly unknown[] => {
  const value = from[key];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

export const textAt = (from: JsonObject, key: string): string | undefined => {
  const value = from[key];
  return typeof value === 'string' ? value : undefined;
};

export const numberAt = (from: JsonObject, key: string): number | undefined => {
  const value = from[key];
  return typeof value === 'number' ? value : undefined;
};

export const isText = (value: unknown): value is string => typeof value === 'string';
