/** Answers what protobuf.js takes, or `undefined` if the value is none of the type. */
type ReadScalar = (value: unknown) => unknown;

/** Of 64 bits: a longer one would keep BigInt busy for seconds. */
const decimalPattern = /^-?\d{1,20}$/;
/** Both alphabets, with padding or without, https://protobuf.dev/programming-guides/json/#bytes */
const base64Pattern = /^[\w+/-]*={0,2}$/;

const booleans = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
]);

/**
 * The scalar types that occur in the requests, https://protobuf.dev/programming-guides/json/. Numbers
 * and booleans may be written as strings, as they come in queries.
 */
const readers: Readonly<Record<string, ReadScalar>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  bool: (value) => booleans.get(value),
  int32: (value) => integer(value, 32)?.toString(),
  int64: (value) => integer(value, 64)?.toString(),
  bytes: (value) => (typeof value === 'string' ? bytes(value) : undefined),
};

/** @param type as .proto files write it: `int32` */
export function readScalar(type: string, value: unknown): unknown {
  const read = readers[type];
  if (!read) throw new Error(`no reader for JSON of type ${type}`);
  return read(value);
}

function integer(value: unknown, bits: number): bigint | undefined {
  const isWritten = typeof value === 'string' && decimalPattern.test(value);
  if (!isWritten && !Number.isInteger(value)) return undefined;
  const number = BigInt(value as string | number);
  return BigInt.asIntN(bits, number) === number ? number : undefined;
}

function bytes(text: string): Buffer | undefined {
  if (!base64Pattern.test(text) || text.replace(/=+$/, '').length % 4 === 1) return undefined;
  return Buffer.from(text, 'base64');
}
