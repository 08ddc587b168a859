import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FolderError, type PrivateFolder } from './folder.ts';

const lockName = 'lock';

/** Which local cloud a folder belongs to. */
interface Owner {
  pid: number;
  /** A process id may belong to another program by now; this tells whether it is a local cloud. */
  proxyUrl: string;
}

/**
 * Makes a folder this local cloud's own until its files are removed.
 *
 * @throws {FolderError} if another one that runs has it
 */
export async function lockFolder(folder: PrivateFolder, proxyUrl: string): Promise<void> {
  const content = JSON.stringify({ pid: process.pid, proxyUrl } satisfies Owner);
  try {
    folder.create(lockName, content);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await refuseIfLocked(folder.path);
  folder.write(lockName, content);
}

/** @throws {FolderError} if the local cloud that a folder belongs to is running */
export async function refuseIfLocked(folder: string): Promise<void> {
  const owner = readOwner(folder);
  if (owner && (await isRunning(owner))) {
    throw new FolderError(
      `A local cloud is running in this folder already (process ${owner.pid}). Stop that first.`,
    );
  }
}

/** Whether the local cloud that a folder belongs to is running. */
export async function isLocked(folder: string): Promise<boolean> {
  const owner = readOwner(folder);
  return owner !== undefined && (await isRunning(owner));
}

function readOwner(folder: string): Owner | undefined {
  try {
    const { pid, proxyUrl } = JSON.parse(readFileSync(join(folder, lockName), 'utf8'));
    const isOwner = Number.isSafeInteger(pid) && /^http:\/\/127\.0\.0\.1:\d+$/.test(proxyUrl);
    return isOwner ? { pid, proxyUrl } : undefined;
  } catch {
    return undefined;
  }
}

/** The proxy tells who asks it like a web server what it is. */
async function isRunning({ proxyUrl }: Owner): Promise<boolean> {
  try {
    const response = await fetch(proxyUrl, { signal: AbortSignal.timeout(2_000) });
    return (await response.text()).includes('proxy of the local cloud');
  } catch {
    return false;
  }
}
