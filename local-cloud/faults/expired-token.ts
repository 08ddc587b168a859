import type { ServerResponse } from 'node:http';

const marked = new WeakSet<ServerResponse>();

/** The token in this answer is to be one whose time is over, as from a cache that was never renewed. */
export function giveExpiredToken(response: ServerResponse): void {
  marked.add(response);
}

/** Whether {@link giveExpiredToken} was called for this answer. */
export function givesExpiredToken(response: ServerResponse): boolean {
  return marked.has(response);
}
