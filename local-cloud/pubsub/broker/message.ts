import type { Principal } from '../../iam/access.ts';

/** What a publisher hands in. */
export interface MessageInput {
  data: Uint8Array;
  attributes: Record<string, string>;
  orderingKey: string;
}

/** A message that lies in a topic. */
export interface PublishedMessage {
  /** Digits; every later message has a greater number. */
  readonly id: string;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** Empty if the message is not ordered. */
  readonly orderingKey: string;
  /** By the clock of the local cloud, milliseconds since the Unix epoch. */
  readonly publishTimeMs: number;
  /** Who published it. */
  readonly publisher: Principal;
  /** Bytes of data, attributes and ordering key. */
  readonly size: number;
}

/** Bytes of the message as far as a publisher chose them. */
export function sizeOf({ data, attributes, orderingKey }: MessageInput): number {
  let size = data.length + Buffer.byteLength(orderingKey);
  for (const key in attributes) {
    size += Buffer.byteLength(key) + Buffer.byteLength(attributes[key] ?? '');
  }
  return size;
}
