/** Whom an answer shows and by which fields: ids and names. */
export type Shown = Readonly<{ customers: readonly string[]; fields: readonly string[] }>;

type Found = Readonly<{ customers: Set<string>; fields: Set<string> }>;
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads it from the very answer that leaves, not from what was meant to be in it: each `_id`, however deep it stands,
 * and the names beside it. Where there is no `_id`, the names of what the answer lists, or of the answer. What is
 * undefined does not leave.
 */
export const shownIn = (body: unknown): Shown => {
  const found: Found = { customers: new Set(), fields: new Set() };
  find(body, found);
  const customers = [...found.customers];
  return { customers, fields: customers.length > 0 ? [...found.fields] : namesIn(body) };
};

const namesOf = (fields: Fields): string[] =>
  Object.keys(fields).filter((name) => fields[name] !== undefined);

const find = (value: unknown, found: Found): void => {
  if (Array.isArray(value)) for (const item of value) find(item, found);
  if (!isFields(value)) return;
  const { _id: id } = value;
  if (typeof id === 'string') found.customers.add(id);
  for (const name of Object.keys(value)) {
    const inner = value[name];
    if (typeof id === 'string' && inner !== undefined) found.fields.add(name);
    if (typeof inner === 'object') find(inner, found);
  }
};

const namesIn = (body: unknown): string[] => {
  const listed = isFields(body) && Array.isArray(body['items']) ? body['items'] : [body];
  return [...new Set(listed.filter(isFields).flatMap(namesOf))];
};
