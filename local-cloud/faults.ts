import { noFault, type RequestHook } from './network/request-hook.ts';
import type { CallHook } from './pubsub/grpc/call-context.ts';

/** Faults at Google's side. Each hook runs before that part answers, and may be set at any time. */
export class Faults {
  certificates: RequestHook = noFault;
  metadata: RequestHook = noFault;
  oauth2: RequestHook = noFault;
  frontDoor: RequestHook = noFault;
  pubsub: CallHook = (_method, proceed) => proceed();
}
