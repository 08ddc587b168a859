import { type ApiError, invalidArgument } from '../../network/api-error.ts';
import { publishLimits, requestTooLarge } from '../broker/publish-rules.ts';

/** Bytes of an Acknowledge or ModifyAckDeadline request, https://cloud.google.com/pubsub/quotas#resource_limits */
const maxAckRequestBytes = 524_288;

const limits: Readonly<Record<string, (bytes: number) => ApiError | undefined>> = {
  'google.pubsub.v1.Publisher.Publish': (bytes) =>
    bytes > publishLimits.requestBytes ? requestTooLarge(bytes) : undefined,
  'google.pubsub.v1.Subscriber.Acknowledge': ackTooLarge,
  'google.pubsub.v1.Subscriber.ModifyAckDeadline': ackTooLarge,
};

/** What is wrong with a request of that size in protocol buffers, whatever form it came in. */
export function requestSizeFault(method: string, bytes: number): ApiError | undefined {
  return limits[method]?.(bytes);
}

function ackTooLarge(bytes: number): ApiError | undefined {
  if (bytes <= maxAckRequestBytes) return undefined;
  return invalidArgument(`Request payload size exceeds the limit: ${maxAckRequestBytes} bytes.`);
}
