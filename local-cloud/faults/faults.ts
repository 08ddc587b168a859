import type { Clock } from '../clock.ts';
import { noFault, type RequestHook } from '../network/request-hook.ts';
import type { CallHook } from '../pubsub/grpc/call-context.ts';
import { ActiveFault } from './active-fault.ts';
import { callFault } from './call-fault.ts';
import {
  type Fault,
  type FaultInput,
  type FaultName,
  faultSchemas,
  type HttpFault,
  type PubsubFault,
} from './fault-schemas.ts';
import { OpenConnections } from './open-connections.ts';
import { requestFault } from './request-fault.ts';

const noCallFault: CallHook = (_method, proceed) => proceed();

const hookOf = {
  metadata: 'metadata',
  certificates: 'certificates',
  oauth2: 'oauth2',
  'front-door': 'frontDoor',
} as const;

/**
 * Faults at Google's side. Each hook runs before that part answers, and may be set at any time; `set`
 * puts one there that was described in words.
 */
export class Faults {
  certificates: RequestHook = noFault;
  metadata: RequestHook = noFault;
  oauth2: RequestHook = noFault;
  frontDoor: RequestHook = noFault;
  pubsub: CallHook = noCallFault;
  /** For whoever accepts them: of all clients of Pub/Sub. */
  readonly pubsubConnections = new OpenConnections();

  readonly #options: { clock: Clock; random: () => number };
  readonly #active = new Map<FaultName, ActiveFault>();

  /** @param random from 0 to below 1, decides which requests are hit and how long they wait */
  constructor({ clock, random = Math.random }: { clock: Clock; random?: () => number }) {
    this.#options = { clock, random };
  }

  /** Puts a fault in force, in the place of the one before. @throws {z.ZodError} */
  set<Name extends FaultName>(name: Name, input: FaultInput<Name>): void {
    const fault = faultSchemas[name].parse(input);
    this.remove(name);
    this.#install(name, fault);
  }

  /** Takes a fault away: who hangs is cut off, who waits waits no longer. */
  remove(name: FaultName): void {
    const active = this.#active.get(name);
    if (!active) return;
    this.#active.delete(name);
    if (name === 'pubsub') this.pubsub = noCallFault;
    else this[hookOf[name]] = noFault;
    active.waiting.release();
  }

  /** Takes away everything that `set` has put there. */
  clear(): void {
    for (const name of [...this.#active.keys()]) this.remove(name);
  }

  /** What `set` has put in force, and how many requests each has hit. */
  active(): Partial<Record<FaultName, Fault & { affected: number }>> {
    return Object.fromEntries(
      Array.from(this.#active, ([name, { fault, affected }]) => [name, { ...fault, affected }]),
    );
  }

  #install(name: FaultName, fault: Fault): void {
    // The schemas have looked at what belongs to which name.
    if (name === 'pubsub') {
      const active = new ActiveFault(fault as PubsubFault, this.#options);
      this.pubsub = callFault(active, this.pubsubConnections);
      this.#active.set(name, active);
    } else {
      const active = new ActiveFault(fault as HttpFault, this.#options);
      this[hookOf[name]] = requestFault(active);
      this.#active.set(name, active);
    }
  }
}
