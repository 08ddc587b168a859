import { describe, expect, it } from 'vitest';
import { countField, encodeStrings } from './protobuf.ts';

const field = (number: number, bytes: Buffer) =>
  Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);

describe('countField', () => {
  it('counts at the top level alone', () => {
    const inner = field(2, Buffer.from('inner'));
    const message = Buffer.concat([
      field(1, Buffer.from('topic')),
      field(2, inner),
      Buffer.from([0x18, 0x96, 0x01]),
      field(2, Buffer.alloc(0)),
    ]);
    expect(countField(message, 2)).toBe(2);
    expect(countField(message, 1)).toBe(1);
    expect(countField(Buffer.alloc(0), 2)).toBe(0);
  });

  it('refuses what it does not understand, rather than counting wrongly', () => {
    expect(() => countField(Buffer.from([0x0a, 5, 1]), 1)).toThrow(RangeError);
    expect(() => countField(Buffer.from([0x0d, 0, 0, 0, 0]), 1)).toThrow(RangeError);
    expect(() => countField(Buffer.from([0x80]), 1)).toThrow(RangeError);
  });
});

describe('encodeStrings', () => {
  it('writes lengths of more than one byte', () => {
    const encoded = encodeStrings(['a', 'x'.repeat(300)]);
    expect(encoded.subarray(0, 6)).toEqual(Buffer.from([0x0a, 1, 0x61, 0x0a, 0xac, 0x02]));
    expect(countField(encoded, 1)).toBe(2);
  });
});
