import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { consume, type Memory, type Passed } from '../../docs/events/consumer.ts';
import { CUSTOMER_EVENTS } from '#lib/contract/customer-events.ts';
import { fc } from '#test/support/fast-check.ts';

const aConsumer = () => {
  const passed = new Map<string, Passed>();
  const heard: string[] = [];
  const memory: Memory = {
    get: (key) => Promise.resolve(passed.get(key)),
    set: (key, value) => Promise.resolve(void passed.set(key, value)),
  };
  const hear = ({ id }: { id: string }) => Promise.resolve(void heard.push(id));
  const deliver = (id: string, sequence: number, partitionkey = 'a') => {
    const detail = {
      ...{ id, type: 't', partitionkey, data: { customerId: partitionkey } },
      sequence: String(sequence).padStart(10, '0'),
    };
    return consume({ detail }, { hear, memory });
  };
  return { heard, deliver };
};

describe('the consumer of docs/events', () => {
  it('drops what comes again', async () => {
    const { heard, deliver } = aConsumer();
    expect(await deliver('e1', 1)).toBe('heard');
    expect(await deliver('e1', 1)).toBe('dropped');
    expect(heard).toEqual(['e1']);
  });

  it('drops what comes late, also when the number has more digits by then', async () => {
    const { heard, deliver } = aConsumer();
    for (const number of [9, 10, 9, 8, 100]) await deliver(`e${String(number)}`, number);
    expect(heard).toEqual(['e9', 'e10', 'e100']);
  });

  it('hears each customer on its own', async () => {
    const { heard, deliver } = aConsumer();
    await deliver('a5', 5, 'a');
    await deliver('b1', 1, 'b');
    expect(heard).toEqual(['a5', 'b1']);
  });

  it('hears each of those that earlier versions wrote without a number', async () => {
    const { heard, deliver } = aConsumer();
    for (const id of ['e1', 'e2', 'e1', 'e2', 'e3']) await deliver(id, 0);
    expect(heard).toEqual(['e1', 'e2', 'e3']);
  });

  it('hears an event again that it could not handle', async () => {
    const { deliver } = aConsumer();
    const passed = new Map<string, Passed>();
    const memory: Memory = {
      get: (key) => Promise.resolve(passed.get(key)),
      set: (key, value) => Promise.resolve(void passed.set(key, value)),
    };
    const detail = {
      id: 'e1',
      type: 't',
      partitionkey: 'a',
      sequence: '0000000001',
      data: { customerId: 'a' },
    };
    const failing = () => Promise.reject(new Error('down'));
    await expect(consume({ detail }, { hear: failing, memory })).rejects.toThrow('down');
    expect(await consume({ detail }, { hear: () => Promise.resolve(), memory })).toBe('heard');
    expect(await deliver('e1', 1)).toBe('heard');
  });

  it('hears a rising sequence, and the last event, in whatever order and however often they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), async (numbers) => {
        const { heard, deliver } = aConsumer();
        for (const number of numbers) await deliver(`e${String(number)}`, number);
        const order = heard.map((id) => Number(id.slice(1)));
        expect(order).toEqual([...new Set(order)].sort((one, other) => one - other));
        expect(order.at(-1)).toBe(Math.max(...numbers));
      }),
    );
  });
});

it('docs/events/README.md names every type, and no other', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/events/README.md'), 'utf8');
  const named = [...page.matchAll(/^\| `([a-z-]+\.v1)`/gm)].map(
    ([, name]) => `beeoclock.customer.${String(name)}`,
  );
  const types = Object.values(CUSTOMER_EVENTS).map(({ shape }) => shape.type.value);
  expect(named.sort()).toEqual(types.sort());
});
