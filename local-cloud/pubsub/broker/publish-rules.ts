import { type ApiError, invalidArgument } from '../../network/api-error.ts';
import { type MessageInput, sizeOf } from './message.ts';

/** https://cloud.google.com/pubsub/quotas#resource_limits; "10 MB" is decimal. */
export const publishLimits = {
  requestBytes: 10_000_000,
  messages: 1000,
  attributes: 100,
  keyBytes: 256,
  valueBytes: 1024,
  orderingKeyBytes: 1024,
} as const;

/** Google's own clients write the trace context under this key, and only this one is let through. */
const reservedKeysAllowed = new Set(['googclient_traceparent']);

/** Refuses what Google would refuse. Throws INVALID_ARGUMENT, in Google's words where they are known. */
export function checkPublish(messages: readonly MessageInput[]): void {
  if (messages.length === 0) {
    throw invalidArgument('The publish request must contain at least one message.');
  }
  if (messages.length > publishLimits.messages) {
    throw tooLarge('message_count', messages.length, publishLimits.messages);
  }
  let bytes = 0;
  for (const message of messages) {
    checkMessage(message);
    bytes += sizeOf(message);
  }
  if (bytes > publishLimits.requestBytes) throw requestTooLarge(bytes);
  const [first] = messages;
  if (messages.some(({ orderingKey }) => orderingKey !== first?.orderingKey)) {
    throw invalidArgument('All messages of a publish request must have the same ordering key.');
  }
}

/** Also used where the encoded size is known, before anything else is looked at. */
export function requestTooLarge(bytes: number): ApiError {
  return tooLarge('request_size', bytes, publishLimits.requestBytes);
}

function checkMessage({ data, attributes, orderingKey }: MessageInput): void {
  const entries = Object.entries(attributes);
  if (data.length === 0 && entries.length === 0) {
    throw invalidArgument(
      'One or more messages in the publish request is empty. Each message must contain either non-empty data, or at least one attribute.',
    );
  }
  if (entries.length > publishLimits.attributes) {
    throw tooLarge('attribute_count', entries.length, publishLimits.attributes);
  }
  for (const [key, value] of entries) checkAttribute(key, value);
  const keyBytes = Buffer.byteLength(orderingKey);
  if (keyBytes > publishLimits.orderingKeyBytes) {
    throw tooLarge('ordering_key_size', keyBytes, publishLimits.orderingKeyBytes);
  }
}

function checkAttribute(key: string, value: string): void {
  const isReserved = /^goog/i.test(key) && !reservedKeysAllowed.has(key);
  if (key === '' || isReserved) {
    throw invalidArgument(`The request contains an attribute key that is not valid (key=${key}).`);
  }
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes > publishLimits.keyBytes) {
    throw tooLong(
      'One of the attributes in the request has a key',
      keyBytes,
      publishLimits.keyBytes,
    );
  }
  const valueBytes = Buffer.byteLength(value);
  if (valueBytes > publishLimits.valueBytes) {
    const what = `The attribute "${key}" in the request has a value`;
    throw tooLong(what, valueBytes, publishLimits.valueBytes);
  }
}

function tooLarge(what: string, passed: number, maximum: number): ApiError {
  return invalidArgument(
    `The value for ${what} is too large. You passed ${passed} in the request, but the maximum value is ${maximum}.`,
  );
}

function tooLong(what: string, length: number, maximum: number): ApiError {
  return invalidArgument(
    `${what} that is too long. The length is ${length} characters, but the maximum allowed is ${maximum}. Refer to https://cloud.google.com/pubsub/quotas for more information.`,
  );
}
