import type { ServerResponse } from 'node:http';
import type { RequestHook } from '../network/request-hook.ts';
import type { ActiveFault } from './active-fault.ts';
import { giveExpiredToken } from './expired-token.ts';
import type { HttpFault } from './fault-schemas.ts';

/** The hook that makes a fault happen to HTTP requests. */
export function requestFault(active: ActiveFault<HttpFault>): RequestHook {
  const { fault, waiting } = active;
  return async (request, response) => {
    if (!active.hits()) return false;
    switch (fault.kind) {
      case 'unavailable':
        sendPage(response, fault.status);
        return true;
      case 'hang':
        await waiting.hold({ client: response });
        request.socket.destroy();
        return true;
      case 'slow':
        await waiting.hold({ delayMs: active.delayOf(fault), client: response });
        return response.destroyed;
      case 'reset':
        request.socket.destroy();
        return true;
      case 'garbage':
        return sendGarbage(response, fault.content);
    }
  };
}

type Content = Extract<HttpFault, { kind: 'garbage' }>['content'];

function sendGarbage(response: ServerResponse, content: Content): boolean {
  switch (content) {
    case 'html':
      sendPage(response, 200);
      return true;
    case 'empty':
      response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end('{}');
      return true;
    case 'redirect':
      response.writeHead(302, { location: 'https://login.example/' }).end();
      return true;
    case 'no-max-age':
      // The genuine answer follows, and leaves alone what stands here.
      response.setHeader('cache-control', 'public');
      return false;
    case 'expired-token':
      giveExpiredToken(response);
      return false;
  }
}

/** What an overloaded front end or a captive portal sends, whatever was asked for. */
function sendPage(response: ServerResponse, status: number): void {
  const body = '<!doctype html><title>Injected fault</title><p>An injected fault.</p>\n';
  response.writeHead(status, { 'content-type': 'text/html; charset=UTF-8' }).end(body);
}
