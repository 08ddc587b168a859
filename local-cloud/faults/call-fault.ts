import { ApiError, type CanonicalCode } from '../network/api-error.ts';
import type { CallHook } from '../pubsub/grpc/call-context.ts';
import type { ActiveFault } from './active-fault.ts';
import type { PubsubFault } from './fault-schemas.ts';
import type { OpenConnections } from './open-connections.ts';

/** The hook that makes a fault happen to calls of Pub/Sub, over gRPC and over REST. */
export function callFault(
  active: ActiveFault<PubsubFault>,
  connections: OpenConnections,
): CallHook {
  const { fault, waiting } = active;
  return async (method, proceed) => {
    if (!active.hits()) return proceed();
    switch (fault.kind) {
      case 'unavailable':
        throw injected(fault.status);
      case 'hang':
        await waiting.hold({});
        throw injected('UNAVAILABLE');
      case 'slow':
        await waiting.hold({ delayMs: active.delayOf(fault) });
        return proceed();
      case 'reset':
        // A call does not know its connection; a client has one for all its calls.
        connections.cut();
        throw injected('UNAVAILABLE');
      case 'garbage':
        return {};
      case 'lost-answer': {
        const answer = await proceed();
        // A stream has no answer to lose.
        if (method.endsWith('.StreamingPull')) return answer;
        throw injected('UNAVAILABLE');
      }
    }
  };
}

function injected(code: CanonicalCode): ApiError {
  return new ApiError(code, `An injected fault of the local cloud: ${code}.`);
}
