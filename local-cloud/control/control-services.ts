import type { ApiServices } from '../api-services.ts';
import type { FrontDoor } from '../cloud-run/front-door.ts';
import type { ServiceFleet } from '../cloud-run/service-fleet.ts';
import type { Faults } from '../faults/faults.ts';
import type { Broker } from '../pubsub/broker/broker.ts';
import type { SigningKeys } from '../tokens/signing-keys.ts';

/** What the control API shows and changes; each route declares which of it. */
export interface ControlServices extends ApiServices {
  keys: SigningKeys;
  broker: Broker;
  faults: Faults;
  frontDoor: FrontDoor;
  fleet: ServiceFleet;
  /** By service: where it is reached as the developer. */
  localUrls: Readonly<Record<string, string>>;
}
