import type { IncomingMessage, ServerResponse } from 'node:http';
import { foreignSign } from '../network/foreign-request.ts';
import { requireKey } from './control-key.ts';
import { ControlProblem, sendProblem } from './control-problem.ts';
import { check, readBody } from './read-request.ts';
import type { ControlRoute } from './route.ts';

export interface ControlHandlerOptions {
  routes: readonly ControlRoute[];
  /** For the routes that need it. */
  key: string;
  /** Told what failed for a reason that is no fault of the client. */
  notify(sentence: string): void;
}

/** Serves the control API; requests that a web page causes are refused. Never rejects. */
export function controlHandler({ routes, key, notify }: ControlHandlerOptions) {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    refuseForeign(request);
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2);
    const route = find(routes, request.method, path);
    if (route.needsKey) requireKey(request, key);
    const query =
      route.query && check(route.query, Object.fromEntries(new URLSearchParams(search)));
    const body = route.body && check(route.body, await readBody(request));
    send(response, await route.handle({ body, query, request, response }));
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    try {
      await answer(request, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) response.destroy();
      else if (error instanceof ControlProblem) sendProblem(response, error);
      else {
        notify(`the control API failed in ${request.method} ${request.url}: ${String(error)}`);
        sendProblem(response, new ControlProblem(500, 'An error of the local cloud itself.'));
      }
    }
  };
}

function refuseForeign(request: IncomingMessage): void {
  const port = request.socket.localPort ?? 0;
  const headers = { connection: 'close' };
  switch (foreignSign(request, port)) {
    case 'host':
      throw new ControlProblem(403, `This only answers to http://localhost:${port}.`, { headers });
    case 'site':
      throw new ControlProblem(403, 'Requests that another site makes are refused.', { headers });
  }
}

/** @throws {ControlProblem} 404, 405 */
function find(
  routes: readonly ControlRoute[],
  method: string | undefined,
  path: string,
): ControlRoute {
  const there = routes.filter((route) => route.path === path);
  const found = there.find((route) => route.method === method);
  if (found) return found;
  if (there.length === 0) {
    const paths = [...new Set(routes.map((route) => route.path))];
    throw new ControlProblem(404, `There is no ${path} here. There is: ${paths.join(', ')}.`);
  }
  const allow = there.map((route) => route.method).join(', ');
  throw new ControlProblem(405, `${path} takes ${allow} only.`, { headers: { allow } });
}

function send(response: ServerResponse, answer: unknown): void {
  if (response.headersSent) return;
  if (answer === undefined) {
    response.writeHead(204).end();
  } else if (typeof answer === 'string') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(answer);
  } else {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(`${JSON.stringify(answer, null, 2)}\n`);
  }
}
