import { createHash } from 'node:crypto';

/**
 * What Cloud Run calls the revision of a service's generation, `receiver-00001-abc`: three letters that
 * look random and are the same on every start.
 */
export function revisionName(service: string, generation: number): string {
  const seed = generation === 1 ? service : `${service} ${generation}`;
  const digest = createHash('sha256').update(seed).digest().subarray(0, 3);
  const letters = Array.from(digest, (byte) => String.fromCharCode(97 + (byte % 26))).join('');
  return `${service}-${String(generation).padStart(5, '0')}-${letters}`;
}
