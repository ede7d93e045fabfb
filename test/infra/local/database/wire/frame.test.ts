import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { frame, FrameReader, maxFrameBytes } from '#infra/local/database/wire/frame.ts';

const message = fc.record({
  opCode: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  responseTo: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  payload: fc.uint8Array({ maxLength: 300 }),
});

const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const borders = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
};

describe('FrameReader', () => {
  it('gives out the messages that went in, however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (sent, places) => {
          const stream = Buffer.concat(sent.map((one) => frame(one.opCode, one.responseTo, [one.payload])));
          const reader = new FrameReader();
          const received = cut(stream, places).flatMap((chunk) => reader.push(chunk));
          expect(received.map(({ opCode, payload }) => [opCode, [...payload]])).toEqual(
            sent.map(({ opCode, payload }) => [opCode, [...payload]]),
          );
        },
      ),
    );
  });

  it('reads a message byte by byte', () => {
    const reader = new FrameReader();
    const bytes = frame(2013, 7, [Buffer.from('hello')]);
    const received = [...bytes].flatMap((byte) => reader.push(Buffer.from([byte])));
    expect(received.map(({ payload }) => payload.toString())).toEqual(['hello']);
  });

  it.each([0, 15, -1, maxFrameBytes + 1])('refuses a length of %i bytes', (length) => {
    const header = Buffer.alloc(16);
    header.writeInt32LE(length, 0);
    expect(() => new FrameReader().push(header)).toThrow(RangeError);
  });
});

describe('frame', () => {
  it('says which request it answers, and numbers itself', () => {
    const [first, second] = [frame(1, 42, []), frame(1, 43, [])];
    expect([first.readInt32LE(8), second.readInt32LE(8)]).toEqual([42, 43]);
    expect(second.readInt32LE(4)).not.toBe(first.readInt32LE(4));
  });
});
