import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** A request as it arrives at the front door. */
export interface InboundRequest {
  method: string;
  /** Path and query, as sent. */
  target: string;
  /** Lower-case names; a header that was sent several times has several values. */
  headers: Readonly<Record<string, readonly string[]>>;
  clientAddress: string;
  body: Readable;
}

/** Node's `headers` silently keeps the first of several `Authorization` lines: take all of them. */
export function inboundFrom(request: IncomingMessage): InboundRequest {
  // fromEntries, not assignment: a header may be called __proto__.
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values]),
  );
  // The router of host names leaves there the name that it has verified.
  if (request.headers.host !== undefined) headers.host = [request.headers.host];
  return {
    method: request.method ?? 'GET',
    target: originForm(request.url ?? '/'),
    headers,
    clientAddress: request.socket.remoteAddress ?? '127.0.0.1',
    body: request,
  };
}

/** The path without the query, as it stands in Google's pages and in the terminal. */
export function pathOf({ target }: Pick<InboundRequest, 'target'>): string {
  return target.split('?', 1)[0] ?? target;
}

/** The name of the host that is asked for, as DNS compares it: without a port, in lower case. */
export function hostOf({ headers }: Pick<InboundRequest, 'headers'>): string {
  const [host = ''] = headers.host ?? [];
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

/** `http://host/path` → `/path`: a client of a proxy may send the absolute form (RFC 9112, 3.2.2). */
function originForm(url: string): string {
  const [, path] = /^https?:\/\/[^/?#]*(.*)$/i.exec(url) ?? [];
  if (path === undefined) return url;
  return path.startsWith('/') ? path : `/${path}`;
}
