import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PubsubServerOptions } from '../../local-cloud/pubsub/create-pubsub-server.ts';
import type { TokenHolder } from '../../local-cloud/tokens/access-tokens.ts';
import { admin, startPubsubFixture } from './pubsub-fixture.ts';

export interface RestAnswer {
  status: number;
  body: Record<string, unknown> & { error?: { code: number; status: string; message: string } };
}

/** Pub/Sub's REST API on a port of its own, in clear text, beside the fixture's gRPC. */
export async function startPubsubRest(options: Partial<PubsubServerOptions> = {}) {
  const notices: string[] = [];
  const fixture = await startPubsubFixture({ ...options, notify: (text) => notices.push(text) });
  const server = createServer(fixture.server.http).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...fixture,
    url,
    notices,
    /** One call, signed in as `principal`. */
    async call(
      verb: string,
      path: string,
      { body, as = admin, signal }: { body?: unknown; as?: TokenHolder; signal?: AbortSignal } = {},
    ): Promise<RestAnswer> {
      const response = await fetch(url + path, {
        method: verb,
        headers: { authorization: `Bearer ${fixture.tokenOf(as)}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
      return { status: response.status, body: (await response.json()) as RestAnswer['body'] };
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await fixture.stop();
    },
  };
}
