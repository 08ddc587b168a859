import type { Way } from './wire.ts';

/** A header as it goes over the wire; the same name may come several times. */
export type HeaderLine = readonly [name: string, value: string];

/** A request's bytes, as latin1 text. Nothing is checked, joined, sorted or corrected. */
export function requestText(options: {
  method?: string;
  target?: string;
  version?: string;
  headers: readonly HeaderLine[];
  body?: string;
}): string {
  const {
    method = 'POST',
    target = '/messages',
    version = 'HTTP/1.1',
    headers,
    body = '',
  } = options;
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} ${version}\r\n${lines.join('')}\r\n${body}`;
}

/** A message that would be published if only it were let in. */
export const message = '{"text":"attack"}';

/** A publishable request that says nothing yet about who sends it, and wants no second one after it. */
export function publishing(way: Way, credentials: readonly HeaderLine[]): string {
  return requestText({
    headers: [
      ['Host', way.authority],
      ...credentials,
      ['Content-Type', 'application/json'],
      ['Content-Length', String(message.length)],
      ['Connection', 'close'],
    ],
    body: message,
  });
}

export const bearer = (name: string, token: string): HeaderLine => [name, `Bearer ${token}`];
