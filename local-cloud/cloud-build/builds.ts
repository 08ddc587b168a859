/** A build that was asked for. */
export interface Build {
  id: string;
  project: string;
  location: string;
  status: 'SUCCESS' | 'FAILURE';
  statusDetail: string | undefined;
  createdAtMs: number;
  /** What the client sent. */
  request: Readonly<Record<string, unknown>>;
  /** With the substitutions made. */
  images: readonly string[];
  /** `name` and digest of those that were pushed. */
  pushed: readonly { name: string; digest: string }[];
  /** `gs://…` */
  logsBucket: string;
}

/** Beyond this the oldest are forgotten. */
const kept = 200;

/** The builds of one local cloud. */
export class Builds {
  readonly #builds = new Map<string, Build>();

  add(build: Build): void {
    this.#builds.set(build.id, build);
    const [oldest] = this.#builds.keys();
    if (this.#builds.size > kept && oldest !== undefined) this.#builds.delete(oldest);
  }

  get(id: string): Build | undefined {
    return this.#builds.get(id);
  }

  /** Newest first. */
  list(project: string): Build[] {
    return [...this.#builds.values()].filter((build) => build.project === project).reverse();
  }
}
