import { z } from 'zod';
import { servingRevision } from '../cloud-run/service-registry.ts';
import type { ControlServices } from './control-services.ts';
import { activeFaultsSchema } from './fault-routes.ts';
import { keyIds, keyIdsSchema } from './keys.ts';
import { everyPage } from './known-resources.ts';
import { route } from './route.ts';
import { currentSettings, settingsSchema } from './settings.ts';

const stateSchema = z.object({
  project: z.string(),
  projectNumber: z.string(),
  region: z.string(),
  developer: z.string().meta({ description: 'IAM member' }),
  services: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      urls: z.array(z.string()),
      serviceAccount: z.string(),
      running: z.boolean(),
      localUrl: z.string().optional().meta({ description: 'reaches it as the developer' }),
    }),
  ),
  accounts: z.array(
    z.object({
      email: z.string(),
      uniqueId: z.string(),
      displayName: z.string(),
      state: z.enum(['active', 'disabled', 'deleted']),
    }),
  ),
  policies: z.array(
    z.object({
      resource: z.string(),
      bindings: z.array(
        z.object({
          role: z.string(),
          members: z.array(z.string()),
          condition: z
            .object({
              title: z.string(),
              description: z.string().optional(),
              expression: z.string(),
            })
            .optional(),
        }),
      ),
    }),
  ),
  topics: z.array(z.object({ name: z.string() })),
  subscriptions: z.array(z.object({ name: z.string(), topic: z.string() })),
  repositories: z.array(z.object({ name: z.string() })).meta({ description: 'of images' }),
  settings: settingsSchema,
  faults: activeFaultsSchema,
  keys: keyIdsSchema,
});

/** Everything there is at one look, without anything secret. */
export function state(services: ControlServices) {
  return route({
    method: 'GET',
    path: '/api/state',
    summary: 'Services, accounts, policies, topics, repositories, settings, faults',
    answer: stateSchema,
    handle: () => currentState(services),
  });
}

async function currentState(services: ControlServices): Promise<z.output<typeof stateSchema>> {
  const { topology, registry, fleet, localUrls, accounts, iam, broker, images, faults, keys } =
    services;
  const { project, projectNumber, region, deployer: developer } = topology;
  return {
    project,
    projectNumber,
    region,
    developer,
    services: registry.list().map((service) => ({
      name: service.name,
      url: service.urls[0] ?? '',
      urls: [...service.urls],
      serviceAccount: servingRevision(service).serviceAccount,
      running: fleet.portOf(service.name) !== undefined,
      localUrl: localUrls[service.name],
    })),
    accounts: accounts.all().map(({ email, uniqueId, displayName, disabled, deletedAtMs }) => ({
      email,
      uniqueId,
      displayName,
      state: deletedAtMs !== undefined ? 'deleted' : disabled ? 'disabled' : 'active',
    })),
    policies: iam.policies
      .resources()
      .map((resource) => ({ resource, bindings: iam.policies.get(resource, 3).bindings })),
    topics: everyPage((page) => broker.listTopics(project, page)).map(({ name }) => ({ name })),
    subscriptions: everyPage((page) => broker.listSubscriptions(project, page)).map(
      ({ name, topic }) => ({ name, topic }),
    ),
    repositories: images
      .list(`projects/${project}/locations/${region}`)
      .map(({ name }) => ({ name })),
    settings: currentSettings(services),
    faults: faults.active(),
    keys: await keyIds(keys),
  };
}
