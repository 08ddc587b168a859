import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { type ApiError, invalidArgument } from '../../network/api-error.ts';
import { publishLimits, requestTooLarge } from '../broker/publish-rules.ts';

/** The services that are served, in the definitions that Google's own client brings along. */
export interface Definitions {
  publisher: ServiceDefinition;
  subscriber: ServiceDefinition;
  iamPolicy: ServiceDefinition;
}

/** Takes the place of a request that is too big to be read. */
export class RefusedRequest {
  readonly error: ApiError;

  constructor(error: ApiError) {
    this.error = error;
  }
}

/** Bytes of an Acknowledge or ModifyAckDeadline request, https://cloud.google.com/pubsub/quotas#resource_limits */
const maxAckRequestBytes = 524_288;

/** Reads the .proto files, about 50 ms. */
export function loadDefinitions(): Definitions {
  const pubsub = createRequire(import.meta.url).resolve('@google-cloud/pubsub');
  const gax = createRequire(pubsub).resolve('google-gax');
  const includeDirs = [pubsub, gax].map((entry) => join(dirname(entry), '..', 'protos'));
  const definitions = loadSync(
    ['google/pubsub/v1/pubsub.proto', 'google/iam/v1/iam_policy.proto'],
    {
      includeDirs,
      // Every field is there, so that no handler has to ask.
      defaults: true,
      longs: Number,
      enums: String,
    },
  );
  const publisher = definitions['google.pubsub.v1.Publisher'] as ServiceDefinition;
  const subscriber = definitions['google.pubsub.v1.Subscriber'] as ServiceDefinition;
  return {
    publisher: bounded(publisher, { Publish: publishTooLarge }),
    subscriber: bounded(subscriber, {
      Acknowledge: ackTooLarge,
      ModifyAckDeadline: ackTooLarge,
    }),
    iamPolicy: definitions['google.iam.v1.IAMPolicy'] as ServiceDefinition,
  };
}

/** gRPC's own size limit would answer RESOURCE_EXHAUSTED, which Google does not. */
function bounded(
  service: ServiceDefinition,
  faults: Record<string, (bytes: number) => ApiError | undefined>,
): ServiceDefinition {
  const entries = Object.entries(service).map(([name, method]) => {
    const faultOf = faults[name];
    if (!faultOf) return [name, method];
    const requestDeserialize = (bytes: Buffer): unknown => {
      const fault = faultOf(bytes.length);
      return fault ? new RefusedRequest(fault) : method.requestDeserialize(bytes);
    };
    return [name, { ...method, requestDeserialize }];
  });
  return Object.fromEntries(entries);
}

function publishTooLarge(bytes: number): ApiError | undefined {
  return bytes > publishLimits.requestBytes ? requestTooLarge(bytes) : undefined;
}

function ackTooLarge(bytes: number): ApiError | undefined {
  if (bytes <= maxAckRequestBytes) return undefined;
  return invalidArgument(`Request payload size exceeds the limit: ${maxAckRequestBytes} bytes.`);
}
