/**
 * The little of protocol buffers that one method of Pub/Sub needs, by hand: a library would cost more
 * than all the rest of the stand-in. https://protobuf.dev/programming-guides/encoding/
 */

/** How often field `number`, one with a length, occurs at the top level of a message. */
export function countField(message: Buffer, number: number): number {
  let count = 0;
  let at = 0;
  while (at < message.length) {
    const tag = readVarint(message, at);
    at = tag.end;
    const wireType = tag.value & 7;
    if (wireType === 2) {
      const length = readVarint(message, at);
      at = length.end + length.value;
      if (tag.value >> 3 === number) count += 1;
    } else if (wireType === 0) {
      at = readVarint(message, at).end;
    } else {
      throw new RangeError(`wire type ${wireType} is not expected here`);
    }
  }
  if (at > message.length) throw new RangeError('the message is cut off');
  return count;
}

/** A message that holds `values` as the repeated string field 1. */
export function encodeStrings(values: readonly string[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => {
      const bytes = Buffer.from(value);
      return [Buffer.from([0x0a, ...varint(bytes.length)]), bytes];
    }),
  );
}

function readVarint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start, shift = 0; at < bytes.length && shift < 32; at += 1, shift += 7) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new RangeError('no varint');
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
