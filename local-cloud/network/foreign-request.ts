import type { IncomingMessage } from 'node:http';

/**
 * What shows that a request to a port of ours on this machine is not made by the person who sits at it,
 * but by a web page: the wrong `host` (DNS rebinding), or another `site`. `undefined` if nothing does.
 */
export function foreignSign(
  { headers }: Pick<IncomingMessage, 'headers'>,
  port: number,
): 'host' | 'site' | undefined {
  const hosts = ['localhost', '127.0.0.1', '[::1]'].flatMap((name) =>
    port === 80 ? [name, `${name}:80`] : [`${name}:${port}`],
  );
  if (!hosts.includes(headers.host?.toLowerCase() ?? '')) return 'host';
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return 'site';
  // Pages can cause requests without Origin, too; a browser says so here, other clients say nothing.
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none' ? undefined : 'site';
}
