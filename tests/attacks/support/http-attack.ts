import type { Forge } from './forge.ts';
import { bearer, type HeaderLine, message, requestText } from './requests.ts';
import type { Outcome } from './verdicts.ts';
import type { Way } from './wire.ts';

/** Who sends a request: `caller` is an allowed one, as is the developer at the caller's door. */
export type Sender = 'nobody' | 'caller';

/** A hostile request, and what has to come of it on both ways. */
export interface HttpAttack {
  name: string;
  /** Everything that goes over the wire, as latin1. */
  bytes(context: HttpContext): string;
  direct: Outcome;
  frontDoor: Outcome;
  /** How many answers there must be, all of the same kind; default 1. */
  answers?: number;
  /** Whether a 400 for what should not have followed may come behind the answer, or overtake it. */
  mayBeCutShort?: true;
}

export interface HttpContext {
  way: Way;
  forge: Forge;
  /** A good token for this service. */
  token: string;
  /** The request's first bytes are those of a good message, changed as given. */
  request(changes?: RequestChanges): string;
}

export interface RequestChanges {
  as?: Sender;
  method?: string;
  target?: string;
  version?: string;
  /** `undefined` leaves the header out. */
  host?: string | undefined;
  /** Further headers, in front of all others. */
  headers?: readonly HeaderLine[];
  contentType?: string | undefined;
  /** `undefined` leaves the header out; default: the body's. */
  contentLength?: string | undefined;
  body?: string;
}

export function httpContext(way: Way, forge: Forge, token: string): HttpContext {
  return { way, forge, token, request: (changes = {}) => request(way, token, changes) };
}

function request(way: Way, token: string, changes: RequestChanges): string {
  const { as = 'caller', headers = [], body = message } = changes;
  const given = <Name extends 'host' | 'contentType' | 'contentLength'>(
    member: Name,
    header: string,
    usual: string,
  ): HeaderLine[] => {
    const value = member in changes ? changes[member] : usual;
    return value === undefined ? [] : [[header, value]];
  };
  return requestText({
    ...changes,
    body,
    headers: [
      ...given('host', 'Host', way.authority),
      ...(as === 'caller' ? credentials(way, token) : []),
      ...headers,
      ...given('contentType', 'Content-Type', 'application/json'),
      ...given('contentLength', 'Content-Length', String(body.length)),
      ['Connection', 'close'],
    ],
  });
}

/** As our own caller sends it: one for the front door, one for the service. */
export function credentials(way: Way, token: string): HeaderLine[] {
  const own = bearer('Authorization', token);
  return way.name === 'direct' ? [own] : [own, bearer('X-Serverless-Authorization', token)];
}

/** The front door's own copy is good: what the service makes of the rest is what is tried. */
export function atTheDoor({ way, token }: HttpContext): HeaderLine[] {
  return way.name === 'direct' ? [] : [bearer('X-Serverless-Authorization', token)];
}
