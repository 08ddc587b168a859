import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { ApiError } from '../network/api-error.ts';
import { type ImageReference, parseImageReference } from './image-reference.ts';

/** A version of an image. */
export interface ImageVersion {
  digest: string;
  tags: readonly string[];
  /** Milliseconds since the Unix epoch. */
  createdAtMs: number;
  updatedAtMs: number;
}

export interface Repository {
  /** `projects/P/locations/R/repositories/ID` */
  readonly name: string;
  readonly id: string;
  readonly location: string;
  description: string;
  labels: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** By the image's name, newest first. */
  readonly images: Map<string, ImageVersion[]>;
}

/**
 * Repositories of images. What an image would hold is not kept: its name stands for a program of this
 * folder, which runs from its source.
 */
export class ArtifactRegistry {
  readonly #clock: Clock;
  readonly #repositories = new Map<string, Repository>();
  #pushes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws {ApiError} ALREADY_EXISTS */
  create(
    { project, location, id }: { project: string; location: string; id: string },
    { description = '', labels = {} }: Partial<Pick<Repository, 'description' | 'labels'>> = {},
  ): Repository {
    const name = repositoryName(project, location, id);
    if (this.#repositories.has(name)) {
      throw new ApiError('ALREADY_EXISTS', 'the repository already exists');
    }
    const now = this.#clock.now();
    const times = { createdAtMs: now, updatedAtMs: now };
    const repository = { name, id, location, description, labels, ...times, images: new Map() };
    this.#repositories.set(name, repository);
    return repository;
  }

  get(name: string): Repository | undefined {
    return this.#repositories.get(name);
  }

  /** @param parent `projects/P/locations/R` */
  list(parent: string): Repository[] {
    return [...this.#repositories.values()].filter(({ name }) =>
      name.startsWith(`${parent}/repositories/`),
    );
  }

  delete({ name }: Repository): void {
    this.#repositories.delete(name);
  }

  /** The repository that an image is in, or would be. */
  repositoryOf({ project, location, repository }: ImageReference): Repository | undefined {
    return this.get(repositoryName(project, location, repository));
  }

  /** Puts a new version of an image there, and its tag on it. @throws {ApiError} NOT_FOUND */
  push(text: string): ImageVersion {
    const reference = parseImageReference(text);
    const repository = reference && this.repositoryOf(reference);
    if (!reference || !repository) {
      const { location = '', repository: id = text } = reference ?? {};
      throw new ApiError('NOT_FOUND', `name unknown: Repository "${id}" not found in ${location}`);
    }
    this.#pushes += 1;
    const now = this.#clock.now();
    const seed = `${text} ${this.#pushes}`;
    const version: ImageVersion = {
      digest: `sha256:${createHash('sha256').update(seed).digest('hex')}`,
      tags: [reference.tag ?? 'latest'],
      createdAtMs: now,
      updatedAtMs: now,
    };
    const before = repository.images.get(reference.image) ?? [];
    const untagged = before.map((other) => ({
      ...other,
      tags: other.tags.filter((tag) => !version.tags.includes(tag)),
    }));
    repository.images.set(reference.image, [version, ...untagged]);
    return version;
  }

  /** The version that a name with a tag or digest means. */
  find(text: string): ImageVersion | undefined {
    const reference = parseImageReference(text);
    const versions = reference && this.repositoryOf(reference)?.images.get(reference.image);
    return versions?.find(({ digest, tags }) =>
      reference?.digest === undefined
        ? tags.includes(reference?.tag ?? '')
        : digest === reference.digest,
    );
  }
}

export function repositoryName(project: string, location: string, id: string): string {
  return `projects/${project}/locations/${location}/repositories/${id}`;
}
