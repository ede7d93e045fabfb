import { describe, expect, it } from '@jest/globals';
import { deserialize, serialize } from 'bson';
import { fc } from '#test/support/fast-check.ts';
import { splitSequence } from '#infra/local/database/wire/bson-document.ts';
import { FrameReader } from '#infra/local/database/wire/frame.ts';
import { readOpMsg, writeOpMsg } from '#infra/local/database/wire/op-msg.ts';

const body = (document: Record<string, unknown>): Buffer => {
  const bytes = serialize(document);
  return Buffer.concat([Buffer.from([0]), bytes]);
};

const sequence = (name: string, documents: readonly Record<string, unknown>[]): Buffer => {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((one) => serialize(one))]);
  const length = Buffer.alloc(4);
  length.writeInt32LE(content.length + 4);
  return Buffer.concat([Buffer.from([1]), length, content]);
};

const payload = (sections: readonly Buffer[], flags = 0): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(flags);
  return Buffer.concat([head, ...sections]);
};

const document = fc.record({ _id: fc.integer(), text: fc.string({ unit: 'grapheme' }) });

describe('readOpMsg', () => {
  it('separates the body from the document sequences, in any order', () => {
    fc.assert(
      fc.property(fc.array(document), fc.array(document), fc.boolean(), (left, right, bodyFirst) => {
        const sections = [body({ insert: 'c' }), sequence('documents', left), sequence('more', right)];
        const message = readOpMsg(payload(bodyFirst ? sections : sections.toReversed()));
        const read = (name: string) =>
          splitSequence(message.sequences.get(name) ?? Buffer.alloc(0)).map((bytes) => deserialize(bytes));
        expect(deserialize(message.body)).toEqual({ insert: 'c' });
        expect([read('documents'), read('more')]).toEqual([left, right]);
      }),
    );
  });

  it('leaves a checksum alone', () => {
    const withChecksum = Buffer.concat([payload([body({ ping: 1 })], 0b01), Buffer.from([1, 2, 3, 4])]);
    expect(deserialize(readOpMsg(withChecksum).body)).toEqual({ ping: 1 });
  });

  it('knows a write that wants no answer', () => {
    expect(readOpMsg(payload([body({ insert: 'c' })], 0b10)).wantsAnswer).toBe(false);
    expect(readOpMsg(payload([body({ insert: 'c' })])).wantsAnswer).toBe(true);
  });

  it('refuses a message without a body, or with a section of an unknown kind', () => {
    expect(() => readOpMsg(payload([sequence('documents', [])]))).toThrow('needs a body');
    expect(() => readOpMsg(payload([Buffer.from([9, 5, 0, 0, 0, 0])]))).toThrow('section 9');
  });

  it('never runs on and on, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readOpMsg(Buffer.from(bytes));
        } catch (error) {
          expect(error).toMatchObject({ name: 'RangeError' });
        }
      }),
    );
  });
});

describe('writeOpMsg', () => {
  it('is read back as it was written', () => {
    const [one] = new FrameReader().push(writeOpMsg(5, serialize({ ok: 1 })));
    expect(deserialize(readOpMsg(one?.payload ?? Buffer.alloc(0)).body)).toEqual({ ok: 1 });
  });
});
