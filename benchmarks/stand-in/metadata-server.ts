import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Counters } from './counters.ts';
import type { IdTokens } from './id-tokens.ts';

/** Google's access tokens live an hour; client libraries refresh them minutes before the end. */
const accessToken = { access_token: 'ya29.stand-in', expires_in: 3_599, token_type: 'Bearer' };

const account = '/computeMetadata/v1/instance/service-accounts/default';

/** The metadata server of one service: https://cloud.google.com/run/docs/container-contract#metadata-server */
export async function startMetadataServer(options: {
  email: string;
  project: string;
  /** How long its ID tokens live. */
  lifetimeSeconds: number;
  tokens: IdTokens;
  counters: Counters;
}): Promise<{ server: Server; port: number }> {
  const { email, project, lifetimeSeconds, tokens, counters } = options;
  const text: Record<string, string> = {
    '/': 'computeMetadata/\n',
    '/computeMetadata/v1/instance': 'service-accounts/\n',
    '/computeMetadata/v1/project/project-id': project,
    '/computeMetadata/v1/universe/universe-domain': 'googleapis.com',
    [`${account}/email`]: email,
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://metadata');
    response.setHeader('Metadata-Flavor', 'Google');
    if (pathname === `${account}/identity`) {
      counters.idTokens += 1;
      response.end(await tokens.token(email, searchParams.get('audience') ?? '', lifetimeSeconds));
    } else if (pathname === `${account}/token`) {
      counters.accessTokens += 1;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(accessToken));
    } else {
      const answer = text[pathname];
      response.writeHead(answer === undefined ? 404 : 200, { 'Content-Type': 'application/text' });
      response.end(answer);
    }
  });
  // Longer than any pause of a run, so that no contestant meets a connection that has just closed.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}
