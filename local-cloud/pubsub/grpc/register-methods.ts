import type { handleBidiStreamingCall, handleUnaryCall, Server } from '@grpc/grpc-js';
import type { AnyOperation } from '../operations/operations.ts';
import type { PubsubServices } from '../operations/services.ts';
import type { ProtocolMethod } from '../protocol/protocol.ts';
import type { CallContext } from './call-context.ts';
import { requestReader, writer } from './messages.ts';
import { streamingPull } from './streaming-pull.ts';
import { unary } from './unary.ts';

const streamingPullName = 'google.pubsub.v1.Subscriber.StreamingPull';

/** Serves the methods that exist; grpc-js answers UNIMPLEMENTED for all others, with their path. */
export function registerMethods(
  server: Server,
  methods: readonly ProtocolMethod[],
  operations: ReadonlyMap<string, AnyOperation>,
  services: PubsubServices,
  context: CallContext,
): void {
  for (const method of methods) {
    const path = `/${method.service}/${method.id}`;
    const write = writer(method.response);
    const read = requestReader(method);
    const operation = operations.get(method.name);
    if (operation) {
      const handle = unary(operation, context) as handleUnaryCall<object, object>;
      server.register(path, handle, write, read, 'unary');
    } else if (method.name === streamingPullName) {
      const handle = streamingPull(services, context) as handleBidiStreamingCall<object, object>;
      server.register(path, handle, write, read, 'bidi');
    }
  }
}
