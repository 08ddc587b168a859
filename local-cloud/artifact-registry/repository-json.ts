import { rfc3339 } from '../rest/rfc3339.ts';
import type { ImageVersion, Repository } from './artifact-registry.ts';

/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories */
export function repositoryJson(repository: Repository) {
  const { name, id, location, description, labels } = repository;
  const project = name.split('/')[1];
  return {
    name,
    format: 'DOCKER',
    ...(description && { description }),
    ...(Object.keys(labels).length > 0 && { labels }),
    createTime: rfc3339(repository.createdAtMs),
    updateTime: rfc3339(repository.updatedAtMs),
    mode: 'STANDARD_REPOSITORY',
    registryUri: `${location}-docker.pkg.dev/${project}/${id}`,
  };
}

/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.dockerImages */
export function dockerImageJson(repository: Repository, image: string, version: ImageVersion) {
  const { digest, tags } = version;
  const id = `${image}@${digest}`;
  return {
    name: `${repository.name}/dockerImages/${encodeURIComponent(image)}@${digest}`,
    uri: `${repositoryJson(repository).registryUri}/${id}`,
    ...(tags.length > 0 && { tags }),
    imageSizeBytes: '0',
    uploadTime: rfc3339(version.createdAtMs),
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    updateTime: rfc3339(version.updatedAtMs),
  };
}

/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.packages */
export function packageJson(repository: Repository, image: string) {
  const versions = repository.images.get(image) ?? [];
  return {
    name: packageName(repository, image),
    createTime: rfc3339(versions.at(-1)?.createdAtMs ?? repository.createdAtMs),
    updateTime: rfc3339(versions[0]?.updatedAtMs ?? repository.updatedAtMs),
  };
}

/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.packages.versions */
export function versionJson(repository: Repository, image: string, version: ImageVersion) {
  const parent = packageName(repository, image);
  return {
    name: `${parent}/versions/${version.digest}`,
    createTime: rfc3339(version.createdAtMs),
    updateTime: rfc3339(version.updatedAtMs),
    ...(version.tags.length > 0 && {
      relatedTags: version.tags.map((tag) => tagJson(repository, image, tag, version)),
    }),
    metadata: { imageSizeBytes: '0', name: `${parent}/versions/${version.digest}` },
  };
}

/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.packages.tags */
export function tagJson(
  repository: Repository,
  image: string,
  tag: string,
  { digest }: ImageVersion,
) {
  const parent = packageName(repository, image);
  return { name: `${parent}/tags/${tag}`, version: `${parent}/versions/${digest}` };
}

function packageName({ name }: Repository, image: string): string {
  return `${name}/packages/${encodeURIComponent(image)}`;
}
