import { z } from 'zod';
import type { ResolvedBinding } from '../deploy/topology.ts';
import { describeResource } from '../local-cloud/iam/resource-names.ts';

/** What is in a project, for people. */
export interface Inventory {
  /** Kind and name: `topic events`. */
  things: readonly string[];
  /** Who holds which role on what. */
  bindings: readonly string[];
}

const named = z.array(z.object({ name: z.string() }));

const stateSchema = z.object({
  services: named,
  accounts: z.array(z.object({ email: z.string(), state: z.string() })),
  topics: named,
  subscriptions: named,
  repositories: named,
  policies: z.array(
    z.object({
      resource: z.string(),
      bindings: z.array(z.object({ role: z.string(), members: z.array(z.string()) })),
    }),
  ),
});

/** Asks the control API of a local cloud what there is. */
export async function takeInventory(controlUrl: string): Promise<Inventory> {
  const response = await fetch(`${controlUrl}/api/state`);
  const state = stateSchema.parse(await response.json());
  // What is deleted can be brought back for a month, and is nobody until then.
  const accounts = state.accounts.filter((account) => account.state !== 'deleted');
  const things = (kind: string, list: readonly { name: string }[]) =>
    list.map(({ name }) => `${kind} ${name.slice(name.lastIndexOf('/') + 1)}`);
  return {
    things: [
      ...things('service', state.services),
      ...accounts.map(({ email }) => `account ${email}`),
      ...things('topic', state.topics),
      ...things('subscription', state.subscriptions),
      ...things('repository', state.repositories),
    ],
    bindings: state.policies.flatMap(({ resource, bindings }) =>
      bindings.flatMap(({ role, members }) =>
        members.map((member) => describeBinding({ resource, role, member })),
      ),
    ),
  };
}

export function describeBinding({ resource, role, member }: ResolvedBinding): string {
  return `${member} has ${role} on ${describeResource(resource)}`;
}

/** What is there now and was not there before. */
export function addedSince(before: Inventory, now: Inventory): Inventory {
  const added = (kind: keyof Inventory) => now[kind].filter((one) => !before[kind].includes(one));
  return { things: added('things'), bindings: added('bindings') };
}
