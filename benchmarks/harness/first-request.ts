import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const limitMs = 15_000;

/**
 * Posts a message until it is answered with 201, as a client with patience does.
 *
 * @param token an ID token, for a receiver
 * @throws {Error} with the last status, after 15 s
 */
export async function postUntilPublished(port: number, token?: string): Promise<void> {
  const limit = performance.now() + limitMs;
  for (;;) {
    const status = await post(port, token);
    if (status === 201) return;
    if (performance.now() > limit) throw new Error(`no 201 in time, but ${status}`);
    await sleep(1);
  }
}

/** Resolves with the status, or 0 if there was no answer. */
function post(port: number, token: string | undefined): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve) => {
    request({ port, host: '127.0.0.1', method: 'POST', path: '/messages', headers, agent: false })
      .on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      })
      .on('error', () => resolve(0))
      .end('{"text":"first"}');
  });
}
