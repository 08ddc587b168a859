import { localProgramOf } from '../artifact-registry/local-program.ts';
import type { GoogleState } from '../google-state.ts';
import type { Rollback } from '../rollback.ts';
import { Deployments } from './deployments.ts';
import { FrontDoor } from './front-door.ts';
import { frontDoorServices } from './front-door-services.ts';
import { seedServices } from './seed-services.ts';
import { ServiceFleet, type ServiceFleetOptions } from './service-fleet.ts';

/** Cloud Run with the services of the topology, none of them started. */
export type CloudRun = ReturnType<typeof createCloudRun>;

/** The processes of the services, what is deployed, and the front door before them. */
export function createCloudRun(
  state: GoogleState,
  options: Pick<ServiceFleetOptions, 'environmentOf' | 'homeFolder' | 'onServiceLine'> & {
    /** Default: the service's source. */
    programOf?: ServiceFleetOptions['programOf'] | undefined;
    rollback: Rollback;
  },
) {
  const { topology, clock, iam, accounts, tokens, images, registry, notify } = state;
  const { environmentOf, homeFolder, onServiceLine, rollback } = options;
  const { programOf = localProgramOf } = options;
  const fleet = new ServiceFleet({
    clock,
    programOf: (image) => (images.find(image) ? programOf(image) : undefined),
    environmentOf,
    homeFolder,
    onNotice: notify,
    onServiceLine,
  });
  const deployments = new Deployments({ topology, clock, registry, instances: fleet, notify });
  seedServices({ topology, images, deployments });
  const frontDoor = new FrontDoor({
    services: () => frontDoorServices(registry.list(), fleet),
    iam,
    idTokens: { verify: tokens.verifyIdToken },
    accounts,
    clock,
    notify,
  });
  rollback.add(() => frontDoor.close());
  return { fleet, deployments, frontDoor };
}
