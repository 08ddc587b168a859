import protobuf from 'protobufjs';
import { snakeCase } from './fields.ts';

/** A type of google.protobuf whose JSON is a string. */
interface WellKnownType {
  /** Answers the fields of the message. Throws a TypeError that says, in Google's words, what is wrong. */
  read(text: string): object;
  write(message: never): string;
}

interface Duration {
  seconds: number;
  nanos: number;
}

/** https://protobuf.dev/programming-guides/json/ */
export const wellKnownTypes: Readonly<Record<string, WellKnownType>> = {
  'google.protobuf.Duration': { read: readDuration, write: writeDuration },
  'google.protobuf.Timestamp': { read: readTimestamp, write: writeTimestamp },
  'google.protobuf.FieldMask': {
    read: (text) => ({ paths: text === '' ? [] : text.split(',').map(snakeCase) }),
    write: ({ paths }: { paths: string[] }) => paths.map(protobuf.util.camelCase).join(','),
  },
};

/** 10,000 years, https://protobuf.dev/reference/protobuf/google.protobuf/#duration */
const longestSeconds = 315_576_000_000;

function readDuration(text: string): Duration {
  if (!text.endsWith('s')) {
    throw new TypeError("Illegal duration format; duration must end with 's'");
  }
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(text) ?? [];
  if (whole === undefined) {
    throw new TypeError('Invalid duration format, failed to parse seconds');
  }
  if (Number(whole) > longestSeconds) throw new TypeError('Duration value exceeds limits');
  const factor = sign === '-' ? -1 : 1;
  return { seconds: factor * Number(whole), nanos: factor * Number(fraction.padEnd(9, '0')) };
}

function writeDuration({ seconds, nanos }: Duration): string {
  return `${seconds}${fractionOf(nanos)}s`;
}

/** RFC 3339, section 5.6. */
const timePattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

function readTimestamp(text: string): Duration {
  const [, upToSeconds, fraction = '', zone] = timePattern.exec(text) ?? [];
  const ms = Date.parse(`${upToSeconds}${zone}`);
  if (Number.isNaN(ms)) throw new TypeError(`Invalid time format: ${text}`);
  return { seconds: ms / 1000, nanos: Number(fraction.padEnd(9, '0')) };
}

function writeTimestamp({ seconds, nanos }: Duration): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length)}${fractionOf(nanos)}Z`;
}

/** 0, 3, 6 or 9 digits. */
function fractionOf(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}
