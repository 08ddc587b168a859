import { z } from 'zod';
import { type Gcloud, type GcloudOptions, isNotFound, readJson } from './gcloud.ts';
import { type LiveService, liveServiceSchema } from './live-service.ts';
import { isMadeHere } from './plan/made-here.ts';
import { type Removal, removalPlan } from './plan/removal-plan.ts';
import { projectFlag } from './plan/step.ts';
import type { ResolvedTopology } from './topology.ts';

/** What there is of a deployment, and of what has the same names. */
export interface FoundRemovals {
  /** In the order in which they can be deleted. */
  present: readonly Removal[];
  gone: readonly Removal[];
  /** No deployment has made them. */
  foreign: readonly Removal[];
  /** Services that are not deleted need them: those of the same topology in another region, for example. */
  inUse: readonly Removal[];
  /** Those services, for people. */
  users: readonly string[];
}

/** Looks at everything that may have to be deleted. @throws {GcloudError} if something cannot be told */
export async function findRemovals(
  gcloud: Gcloud,
  topology: ResolvedTopology,
  options: GcloudOptions,
): Promise<FoundRemovals> {
  const made: Removal[] = [];
  const gone: Removal[] = [];
  const foreign: Removal[] = [];
  for (const removal of removalPlan(topology)) {
    try {
      const answer = await readJson(gcloud, removal.describe, z.unknown(), options);
      (isMadeHere(answer) ? made : foreign).push(removal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      gone.push(removal);
    }
  }
  if (made.length === 0) return { present: [], gone, foreign, inUse: [], users: [] };
  // Of all regions: accounts and topics are the whole project's.
  const list = ['run', 'services', 'list', projectFlag(topology)];
  const services = await readJson(gcloud, list, z.array(liveServiceSchema), options);
  const staying = services.filter((service) => !made.some(({ removes }) => removes?.(service)));
  const users = staying.filter((service) => made.some(({ isNeededBy }) => isNeededBy(service)));
  const [present, inUse] = divided(made, ({ isNeededBy }) => !users.some(isNeededBy));
  return { present, gone, foreign, inUse, users: users.map(describeUser) };
}

function describeUser({ name, region }: LiveService): string {
  return `service ${name} in ${region}`;
}

function divided<Item>(items: readonly Item[], belongs: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
