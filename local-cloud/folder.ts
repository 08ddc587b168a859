import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A folder with files that only the user may read: they hold credentials of the local cloud. */
export class PrivateFolder {
  readonly path: string;
  readonly #temporary: boolean;
  readonly #written: string[] = [];

  /** @param path made if it is not there; without it a temporary one, removed in the end */
  constructor(path: string | undefined) {
    this.#temporary = path === undefined;
    this.path = resolve(path ?? mkdtempSync(join(tmpdir(), 'local-cloud-')));
    this.#makeFolder(this.path);
  }

  /** Writes a file and returns its path. */
  write(name: string, content: string): string {
    const path = join(this.path, name);
    // Anew, so that neither the rights nor the target of something older there are taken over.
    rmSync(path, { recursive: true, force: true });
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    this.#written.push(path);
    return path;
  }

  /** An empty folder below; returns its path. */
  emptyFolder(name: string): string {
    const path = join(this.path, name);
    rmSync(path, { recursive: true, force: true });
    this.#makeFolder(path);
    this.#written.push(path);
    return path;
  }

  /** Removes what was written: it is worth nothing to anybody when the local cloud has gone. */
  remove(): void {
    for (const path of this.#written) rmSync(path, { recursive: true, force: true });
    if (this.#temporary) rmSync(this.path, { recursive: true, force: true });
  }

  #makeFolder(path: string): void {
    mkdirSync(path, { recursive: true });
    // mkdir's mode is subject to the umask and ignored for a folder that is there already.
    chmodSync(path, 0o700);
  }
}
