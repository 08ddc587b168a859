import { z } from 'zod';
import { ApiError, invalidArgument } from '../network/api-error.ts';
import { operationMethods } from '../operations/operation-methods.ts';
import { listPage } from '../rest/list-page.ts';
import { parseBody } from '../rest/parse-body.ts';
import type { RestMethod } from '../rest/rest-api.ts';
import {
  existingRepository,
  locationOf,
  type RegistryServices,
  requireRegistryPermission,
} from './find-images.ts';
import { repositoryJson } from './repository-json.ts';

const location = '/v1/projects/{project}/locations/{location}';
const type = 'type.googleapis.com/google.devtools.artifactregistry.v1';

/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories */
const repositorySchema = z.looseObject({
  format: z.string().optional(),
  mode: z.string().optional(),
  description: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

/** Repositories of Artifact Registry: of images only. */
export function repositoryMethods(services: RegistryServices): RestMethod[] {
  const { images, operations, topology } = services;
  const metadata = () => ({ '@type': `${type}.OperationMetadata` });
  const api = 'google.devtools.artifactregistry.v1.ArtifactRegistry';
  return [
    ...['v1', 'v1beta2'].map(
      (version): RestMethod => ({
        name: 'google.cloud.location.Locations.ListLocations',
        verb: 'GET',
        // gcloud goes through all of them to list repositories.
        path: `/${version}/projects/{project}/locations`,
        handle: (call) => {
          requireRegistryPermission(services, call, 'repositories.list', 'ListLocations');
          const { project, region } = topology;
          const name = `projects/${project}/locations/${region}`;
          return { locations: [{ name, locationId: region, displayName: region }] };
        },
      }),
    ),
    {
      name: `${api}.CreateRepository`,
      verb: 'POST',
      path: `${location}/repositories`,
      handle: async (call) => {
        requireRegistryPermission(services, call, 'repositories.create', 'CreateRepository');
        const { format, mode, description, labels } = parseBody(repositorySchema, call.body);
        const id = call.query.get('repositoryId') ?? call.query.get('repository_id') ?? '';
        if (!/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(id)) {
          throw invalidArgument(`invalid repository ID "${id}"`);
        }
        if (format !== 'DOCKER' || mode === 'VIRTUAL_REPOSITORY' || mode === 'REMOTE_REPOSITORY') {
          const what = 'The local cloud has standard repositories of the format DOCKER only.';
          throw new ApiError('FAILED_PRECONDITION', what);
        }
        const place = locationOf(services, call);
        const texts = { ...(description && { description }), ...(labels && { labels }) };
        const repository = images.create({ ...place, id }, texts);
        const response = { '@type': `${type}.Repository`, ...repositoryJson(repository) };
        return await operations.finished({
          parent: `projects/${place.project}/locations/${place.location}`,
          metadata,
          result: Promise.resolve(response),
        });
      },
    },
    {
      name: `${api}.ListRepositories`,
      verb: 'GET',
      path: `${location}/repositories`,
      handle: (call) => {
        requireRegistryPermission(services, call, 'repositories.list', 'ListRepositories');
        const { project, location: place } = locationOf(services, call);
        const all = images.list(`projects/${project}/locations/${place}`);
        const { items, nextPageToken } = listPage(all, ({ name }) => name, call.query);
        return {
          ...(items.length > 0 && { repositories: items.map(repositoryJson) }),
          ...(nextPageToken !== '' && { nextPageToken }),
        };
      },
    },
    {
      name: `${api}.GetRepository`,
      verb: 'GET',
      path: `${location}/repositories/{repository}`,
      handle: (call) => {
        requireRegistryPermission(services, call, 'repositories.get', 'GetRepository');
        return repositoryJson(existingRepository(services, call));
      },
    },
    {
      name: `${api}.DeleteRepository`,
      verb: 'DELETE',
      path: `${location}/repositories/{repository}`,
      handle: async (call) => {
        requireRegistryPermission(services, call, 'repositories.delete', 'DeleteRepository');
        images.delete(existingRepository(services, call));
        const { project, location: place } = locationOf(services, call);
        return await operations.finished({
          parent: `projects/${project}/locations/${place}`,
          metadata,
          result: Promise.resolve({ '@type': 'type.googleapis.com/google.protobuf.Empty' }),
        });
      },
    },
    ...operationMethods(services, {
      parent: location,
      // Google asks for no more than to see the repository [I].
      authorize: (call) => {
        requireRegistryPermission(services, call, 'repositories.list', 'GetOperation');
        const { project, location: place } = locationOf(services, call);
        return `projects/${project}/locations/${place}`;
      },
    }),
  ];
}
