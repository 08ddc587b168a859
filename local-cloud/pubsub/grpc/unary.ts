import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import type { Operation } from '../operations/services.ts';
import { authenticate } from './authenticate.ts';
import { type CallContext, methodName, statusOf } from './call-context.ts';
import { RefusedRequest } from './messages.ts';

/** Serves an operation as a unary call. */
export function unary<Request, Response>(
  operation: Operation<Request, Response>,
  context: CallContext,
): handleUnaryCall<Request | RefusedRequest, Response> {
  return async (call, callback) => {
    const method = methodName(call.getPath());
    try {
      const proceed = async () => execute(operation, call, method, context);
      const response = context.aroundCall
        ? ((await context.aroundCall(method, proceed)) as Response)
        : await proceed();
      callback(null, response);
    } catch (error) {
      callback(statusOf(error, method, context));
    }
  };
}

function execute<Request, Response>(
  operation: Operation<Request, Response>,
  call: ServerUnaryCall<Request | RefusedRequest, Response>,
  method: string,
  context: CallContext,
): Response | Promise<Response> {
  const principal = authenticate(call.metadata, method, context);
  if (call.request instanceof RefusedRequest) throw call.request.error;
  return operation(call.request, {
    principal,
    onCancelled: (callback) => call.once('cancelled', callback),
  });
}
