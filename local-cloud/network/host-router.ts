import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers one HTTP/1.1 request. Its `headers.host` is the bare host name that it was routed by. */
export type HttpHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

/** What serves a host: HTTP/1.1 requests, HTTP/2 connections (gRPC), or both. */
export interface Route {
  http?: HttpHandler;
  /** Takes over a decrypted connection on which the client speaks HTTP/2. */
  h2?: (socket: Duplex) => void;
}

/**
 * Which part of the local cloud serves which host name. A pattern is a name, `*.name` (one or more
 * labels in front, like `*.run.app`) or `*-name` (the rest of one label, like `*-run.googleapis.com`).
 * A name goes before every pattern, a longer pattern before a shorter one.
 */
export class HostRouter {
  readonly #exact = new Map<string, Route>();
  readonly #patterns: { pattern: string; matches: RegExp; route: Route }[] = [];

  /** @throws Error if the pattern cannot be understood or is there already. */
  add(pattern: string, route: Route): this {
    const star = pattern.startsWith('*');
    if (hostNameOf(pattern.replace(/^\*[.-]/, '')) === undefined) {
      throw new Error(`not a host name or pattern: ${pattern}`);
    }
    if (this.knownHosts().includes(pattern)) throw new Error(`${pattern} has a route already`);
    if (star) {
      this.#patterns.push({ pattern, matches: toRegExp(pattern), route });
      this.#patterns.sort((a, b) => b.pattern.length - a.pattern.length);
    } else {
      this.#exact.set(pattern, route);
    }
    return this;
  }

  /** The route of a host as clients write it: any case, with or without trailing dot and port. */
  find(authority: string): Route | undefined {
    const host = hostNameOf(authority);
    if (host === undefined) return undefined;
    return this.#exact.get(host) ?? this.#patterns.find(({ matches }) => matches.test(host))?.route;
  }

  /** Every name and pattern with a route, sorted. */
  knownHosts(): string[] {
    return [...this.#exact.keys(), ...this.#patterns.map(({ pattern }) => pattern)].sort();
  }
}

/**
 * The host name in `host[:port]`: lower case, without port and trailing dot; `undefined` for what is
 * no DNS name, IP addresses in brackets among it (RFC 1123, section 2.1).
 */
export function hostNameOf(authority: string): string | undefined {
  const name = authority
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');
  return name.length <= 253 && name.split('.').every((label) => labelPattern.test(label))
    ? name
    : undefined;
}

const labelPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function toRegExp(pattern: string): RegExp {
  const rest = pattern.slice(1).replaceAll('.', String.raw`\.`);
  return new RegExp(pattern.startsWith('*.') ? `^.+${rest}$` : `^[a-z0-9-]+${rest}$`);
}
