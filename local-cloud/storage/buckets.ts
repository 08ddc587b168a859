import type { Clock } from '../clock.ts';

export interface StoredObject {
  name: string;
  bucket: string;
  sizeBytes: number;
  generation: string;
  createdAtMs: number;
  /** Of what the local cloud has written itself; what is uploaded is not kept. */
  content?: Buffer;
}

export interface Bucket {
  name: string;
  project: string;
  location: string;
  createdAtMs: number;
}

/** Cloud Storage as far as a build needs it: the sources that it is sent, of which only the size is kept, and its log. */
export class Buckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  readonly #objects = new Map<string, StoredObject>();
  #writes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  list(project: string): Bucket[] {
    return [...this.#buckets.values()].filter((bucket) => bucket.project === project);
  }

  create(bucket: Omit<Bucket, 'createdAtMs'>): Bucket {
    const created = { ...bucket, createdAtMs: this.#clock.now() };
    this.#buckets.set(bucket.name, created);
    return created;
  }

  write(
    bucket: string,
    name: string,
    { sizeBytes, content }: { sizeBytes: number; content?: Buffer },
  ): StoredObject {
    this.#writes += 1;
    const createdAtMs = this.#clock.now();
    const object: StoredObject = {
      name,
      bucket,
      sizeBytes,
      generation: `${createdAtMs}${String(this.#writes).padStart(3, '0')}`,
      createdAtMs,
      ...(content && { content }),
    };
    this.#objects.set(`${bucket}/${name}`, object);
    this.#forgetOldest();
    return object;
  }

  object(bucket: string, name: string): StoredObject | undefined {
    return this.#objects.get(`${bucket}/${name}`);
  }

  /** They are small, and builds are few: yet nothing here grows without end. */
  #forgetOldest(): void {
    const [oldest] = this.#objects.keys();
    if (this.#objects.size > 1_000 && oldest !== undefined) this.#objects.delete(oldest);
  }
}
