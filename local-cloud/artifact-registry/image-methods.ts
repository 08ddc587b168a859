import { ApiError } from '../network/api-error.ts';
import { listPage } from '../rest/list-page.ts';
import type { RestCall, RestMethod } from '../rest/rest-api.ts';
import {
  existingImage,
  existingRepository,
  type RegistryServices,
  requireRegistryPermission,
} from './find-images.ts';
import { dockerImageJson, packageJson, tagJson, versionJson } from './repository-json.ts';

const repositoryPath = '/v1/projects/{project}/locations/{location}/repositories/{repository}';
const packagePath = `${repositoryPath}/packages/{image}`;

/** Images as Artifact Registry shows them: as docker images, and as packages with versions and tags. */
export function imageMethods(services: RegistryServices): RestMethod[] {
  const read = (
    method: string,
    path: string,
    permission: string,
    handle: (call: RestCall) => object,
  ): RestMethod => ({
    name: `google.devtools.artifactregistry.v1.ArtifactRegistry.${method}`,
    verb: 'GET',
    path,
    handle: (call) => {
      requireRegistryPermission(services, call, permission, method);
      return handle(call);
    },
  });
  const allImages = (call: RestCall) => {
    const repository = existingRepository(services, call);
    return [...repository.images].flatMap(([image, versions]) =>
      versions.map((version) => dockerImageJson(repository, image, version)),
    );
  };
  const found = <T>(item: T | undefined, kind: string, name = ''): T => {
    if (item !== undefined) return item;
    throw new ApiError('NOT_FOUND', `${kind} "${name}" not found.`);
  };

  return [
    read('ListDockerImages', `${repositoryPath}/dockerImages`, 'dockerimages.list', (call) =>
      listed('dockerImages', allImages(call), call),
    ),
    read('GetDockerImage', `${repositoryPath}/dockerImages/{image}`, 'dockerimages.get', (call) => {
      const { image = '' } = call.params;
      const uri = (candidate: { uri: string }) => candidate.uri.endsWith(`/${image}`);
      return found(allImages(call).find(uri), 'Docker image', image);
    }),
    read('ListPackages', `${repositoryPath}/packages`, 'packages.list', (call) => {
      const repository = existingRepository(services, call);
      const packages = [...repository.images.keys()].map((image) => packageJson(repository, image));
      return listed('packages', packages, call);
    }),
    read('GetPackage', packagePath, 'packages.get', (call) => {
      const { repository, image } = existingImage(services, call);
      return packageJson(repository, image);
    }),
    read('ListVersions', `${packagePath}/versions`, 'versions.list', (call) => {
      const { repository, image, versions } = existingImage(services, call);
      const all = versions.map((version) => versionJson(repository, image, version));
      return listed('versions', all, call);
    }),
    read('GetVersion', `${packagePath}/versions/{version}`, 'versions.get', (call) => {
      const { repository, image, versions } = existingImage(services, call);
      const { version: digest } = call.params;
      const version = versions.find((candidate) => candidate.digest === digest);
      return versionJson(repository, image, found(version, 'Version', digest));
    }),
    read('ListTags', `${packagePath}/tags`, 'tags.list', (call) => {
      const { repository, image, versions } = existingImage(services, call);
      const tags = versions.flatMap((version) =>
        version.tags.map((tag) => tagJson(repository, image, tag, version)),
      );
      return listed('tags', tags, call);
    }),
    read('GetTag', `${packagePath}/tags/{tag}`, 'tags.get', (call) => {
      const { repository, image, versions } = existingImage(services, call);
      const { tag = '' } = call.params;
      const version = versions.find(({ tags }) => tags.includes(tag));
      return tagJson(repository, image, tag, found(version, 'Tag', tag));
    }),
  ];
}

function listed(field: string, all: readonly { name: string }[], { query }: RestCall): object {
  const { items, nextPageToken } = listPage(all, ({ name }) => name, query);
  return {
    ...(items.length > 0 && { [field]: items }),
    ...(nextPageToken !== '' && { nextPageToken }),
  };
}
