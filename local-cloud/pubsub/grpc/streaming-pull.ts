import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import type { ApiError } from '../../network/api-error.ts';
import {
  PullStream,
  type StreamingPullRequest,
  type StreamingPullResponse,
} from '../operations/pull-stream.ts';
import type { PubsubServices } from '../operations/services.ts';
import { authenticate } from './authenticate.ts';
import { type CallContext, methodName, statusOf } from './call-context.ts';

type Call = ServerDuplexStream<StreamingPullRequest, StreamingPullResponse>;

/** Serves StreamingPull. */
export function streamingPull(
  services: Pick<PubsubServices, 'broker' | 'access' | 'clock'>,
  context: CallContext,
): handleBidiStreamingCall<StreamingPullRequest, StreamingPullResponse> {
  return async (call) => {
    const method = methodName(call.getPath());
    // What `emit('error')` is given goes to the client as the status of the call.
    const fail = (error: unknown) => {
      if (!call.cancelled) call.emit('error', statusOf(error, method, context));
    };
    try {
      const proceed = async () => {
        const principal = authenticate(call.metadata, method, context);
        connect(call, fail, (sink) => new PullStream(services, principal, sink));
      };
      await (context.aroundCall ? context.aroundCall(method, proceed) : proceed());
    } catch (error) {
      fail(error);
    }
  };
}

interface Sink {
  send(response: StreamingPullResponse): boolean;
  end(error?: ApiError): void;
}

function connect(
  call: Call,
  fail: (error: unknown) => void,
  open: (sink: Sink) => PullStream,
): void {
  const stream = open({
    send: (response) => call.write(response),
    end: (error) => (error ? fail(error) : call.end()),
  });
  call.on('data', (request: StreamingPullRequest) => {
    try {
      stream.receive(request);
    } catch (error) {
      stream.close();
      fail(error);
    }
  });
  call.on('drain', () => stream.drained());
  call.on('cancelled', () => stream.close());
  call.on('end', () => {
    stream.close();
    call.end();
  });
}
