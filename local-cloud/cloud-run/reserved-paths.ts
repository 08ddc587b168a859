/**
 * Paths that Google's front end answers itself, so that no container ever sees them:
 * https://cloud.google.com/run/docs/known-issues#ah
 * The page names `/eventlog`, `/_ah/…` and "some" paths ending in z; of those `/healthz` is the one
 * that people meet [O].
 */
const reservedPaths: ReadonlySet<string> = new Set(['/eventlog', '/healthz']);

export function isReservedPath(path: string): boolean {
  return reservedPaths.has(path) || path.startsWith('/_ah/');
}
