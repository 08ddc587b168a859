import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { TestCloud } from './cloud.ts';

export type Answer = Awaited<ReturnType<GoogleApis['call']>>;

/** Google's APIs as their clients call them: over TLS, through the proxy, with an access token. */
export class GoogleApis {
  readonly #cloud: TestCloud;
  readonly #agent: Agent;

  constructor(cloud: TestCloud) {
    this.#cloud = cloud;
    this.#agent = new Agent({
      keepAlive: true,
      proxyEnv: { HTTPS_PROXY: cloud.proxyUrl },
      ca: readFileSync(join(cloud.folder.path, 'ca.pem')),
    });
  }

  /** @param url without `https://` */
  call(
    method: string,
    url: string,
    body?: object,
    as: `user:${string}` | `serviceAccount:${string}` = 'user:developer@example.com',
  ) {
    const { token } = this.#cloud.accessTokens.issue(as);
    const text = body && JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text !== undefined && { 'content-length': Buffer.byteLength(text) }),
    };
    // biome-ignore lint/suspicious/noExplicitAny: what a test looks at, it also expects
    return new Promise<{ status: number; body: any }>((resolve, reject) => {
      const sent = request(`https://${url}`, { method, headers, agent: this.#agent });
      sent.on('response', (response) => {
        json(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, body: answer }),
          reject,
        );
      });
      sent.on('error', reject).end(text);
    });
  }

  /** The same for what must succeed; its body. @throws Error with the answer */
  async ok(...args: Parameters<GoogleApis['call']>) {
    const { status, body } = await this.call(...args);
    if (status !== 200) throw new Error(`${args[0]} ${args[1]}: ${JSON.stringify(body)}`);
    return body;
  }

  close(): void {
    this.#agent.destroy();
  }
}
