/** Which customers an answer shows, and which of their fields: ids and names of fields. */
export type Shown = Readonly<{ customers: readonly string[]; fields: readonly string[] }>;

type Found = Readonly<{ customers: Set<string>; fields: Set<string> }>;
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads it from the answer that is sent: each `_id` at any depth, and the names of the fields beside it. Without an
 * `_id`, the names of the fields of the listed items, or of the answer itself. An answer that is an `object`
 * of its own, as an export is, has data of its customers in all of its fields. Undefined fields are not sent and do not count.
 */
export const shownIn = (body: unknown): Shown => {
  const found: Found = { customers: new Set(), fields: new Set() };
  find(body, found);
  const customers = [...found.customers];
  const others = isFields(body) && typeof body['object'] === 'string' ? namesOf(body) : [];
  const fields = customers.length > 0 ? [...new Set([...found.fields, ...others])] : namesIn(body);
  return { customers, fields };
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
