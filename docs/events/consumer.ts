/** An event of Customer Management, as a rule of EventBridge delivers it. `data` depends on the type: see asyncapi.json. */
export type Delivered = {
  detail: { id: string; type: string; partitionkey: string; sequence: string; data: { customerId: string } };
};

/** The highest sequence that you have of a customer, and the ids of the events that had it. */
export type Passed = { sequence: string; ids: string[] };

/** Where you keep it: beside what you keep of the customer, written in one transaction with that. */
export type Memory = {
  get: (partitionkey: string) => Promise<Passed | undefined>;
  set: (partitionkey: string, passed: Passed) => Promise<void>;
};

/**
 * Hears each event once, in the order of its customer. An event may come twice or late: one with a lower sequence than you have
 * is out of date, and one with the same id you have already. All sequences have ten digits, so they compare as texts.
 */
export const consume = async (
  { detail }: Delivered,
  { hear, memory }: { hear: (detail: Delivered['detail']) => Promise<void>; memory: Memory },
): Promise<'heard' | 'dropped'> => {
  const { id, partitionkey, sequence } = detail;
  const passed = await memory.get(partitionkey);
  const isSame = passed?.sequence === sequence;
  if (passed !== undefined && (sequence < passed.sequence || passed.ids.includes(id))) return 'dropped';
  await hear(detail);
  await memory.set(partitionkey, { sequence, ids: isSame ? [...passed.ids, id] : [id] });
  return 'heard';
};
