/** What an image in Artifact Registry is called: https://cloud.google.com/artifact-registry/docs/docker/names */
export interface ImageReference {
  location: string;
  project: string;
  repository: string;
  /** May have slashes. */
  image: string;
  /** `latest` if neither is given. */
  tag: string | undefined;
  /** `sha256:…` */
  digest: string | undefined;
}

/** Reads `REGION-docker.pkg.dev/P/REPOSITORY/IMAGE[:TAG][@DIGEST]`; `undefined` if it is no such name. */
export function parseImageReference(text: string): ImageReference | undefined {
  const [, location, project, repository, image, tag, digest] =
    /^([a-z0-9-]+)-docker\.pkg\.dev\/([^/]+)\/([^/]+)\/([^:@]+)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
      text,
    ) ?? [];
  if (!location || !project || !repository || !image) return undefined;
  const impliedTag = digest === undefined ? 'latest' : undefined;
  return { location, project, repository, image, tag: tag ?? impliedTag, digest };
}
