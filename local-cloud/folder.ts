import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder cannot be used; the message says why, in a sentence. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/** A folder with files that only the user may read: they hold credentials of the local cloud. */
export class PrivateFolder {
  readonly path: string;
  readonly #temporary: boolean;
  readonly #written: string[] = [];

  /**
   * @param path made if it is not there; without it a temporary one, removed in the end
   * @throws {FolderError} if something else than a folder is there
   */
  constructor(path: string | undefined) {
    this.#temporary = path === undefined;
    this.path = resolve(path ?? mkdtempSync(join(tmpdir(), 'local-cloud-')));
    // Not through a link: what lies below is replaced and removed.
    const there = lstatSync(this.path, { throwIfNoEntry: false });
    if (there && !there.isDirectory()) {
      throw new FolderError(`${this.path} is not a folder. Move it away and start again.`);
    }
    this.#makeFolder(this.path);
  }

  /** Writes a file and returns its path. */
  write(name: string, content: string): string {
    const path = join(this.path, name);
    // Anew, so that neither the rights nor the target of something older there are taken over.
    rmSync(path, { recursive: true, force: true });
    this.create(name, content);
    return path;
  }

  /** Writes a file that is not there yet. @throws with the code `EEXIST` if it is */
  create(name: string, content: string): void {
    const path = join(this.path, name);
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    this.#written.push(path);
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
