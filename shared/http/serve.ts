import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { withDeadline } from '../identity/deadline.ts';
import { withoutTokens } from '../logger.ts';
import { Problem, problemDocument } from './problem.ts';
import type { Readiness } from './readiness.ts';
import { securityHeaders } from './security-headers.ts';

/** Milliseconds, as all times here. */
const timeouts = {
  headers: 10_000,
  request: 15_000,
  /** Google's front end keeps its connections for 600 s: ours must not be the side that ends first. */
  keepAlive: 620_000,
  check: 1_000,
};

/** How long answers say `Connection: close` before the port closes, so that clients move away. */
const drainMs = 1_500;
/** Cloud Run kills 10 s after SIGTERM: until then requests finish, and what they left is flushed. */
const finishMs = 7_000;
const flushMs = 750;

/**
 * Listens on `0.0.0.0:port` (0 = any free one) as Cloud Run asks
 * (https://cloud.google.com/run/docs/container-contract), and stops without losing a request on
 * SIGTERM or SIGINT.
 *
 * @param options.flush finishes what the service still holds; waited for before `exit`, but not long
 * @param options.exit called with 0 when all is done
 * @returns the server once it listens, and `stop`, which the signals call
 */
export async function serve(options: {
  app: RequestListener;
  port: number;
  logger: Logger;
  readiness: Readiness;
  flush?: () => Promise<void>;
  exit?: (code: number) => void;
}): Promise<{ server: Server; stop: () => Promise<void> }> {
  const { app, port, logger, readiness, flush = async () => {}, exit = process.exit } = options;
  const unanswered = new Set<ServerResponse>();
  const server = createServer(
    {
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      keepAliveTimeout: timeouts.keepAlive,
      connectionsCheckingInterval: timeouts.check,
      maxHeaderSize: 16 * 1024,
      // Node's own refusal has no body.
      requireHostHeader: false,
    },
    (request, response) => {
      if (readiness.stopping) response.setHeader('Connection', 'close');
      unanswered.add(response);
      response.once('close', () => unanswered.delete(response));
      const target = originForm(request);
      if (target === undefined) {
        sendProblem(response, new Problem('malformed_request', 'The target or Host is not valid.'));
        return;
      }
      request.url = target;
      app(request, response);
    },
  );
  server.on('clientError', answerClientError);
  server.on('checkExpectation', (_request, response) =>
    sendProblem(response, new Problem('expectation_failed', 'Only 100-continue can be expected.')),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '0.0.0.0', resolve);
  });
  logger.info(`listening on port ${(server.address() as AddressInfo).port}`);

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      logger.info('stopping: finishing the requests under way');
      readiness.stop();
      // Those that came before must not leave a connection behind on which another request comes.
      for (const response of unanswered) {
        if (!response.headersSent) response.setHeader('Connection', 'close');
      }
      await new Promise((resolve) => setTimeout(resolve, drainMs));
      await close(server, finishMs - drainMs);
      const tooLong = () => new Error(`not flushed within ${flushMs} ms`);
      await withDeadline(flush(), flushMs, tooLong).catch((error: unknown) =>
        logger.error(
          { reason: withoutTokens(String(error)) },
          'what was left could not be flushed',
        ),
      );
      logger.info('stopped');
      exit(0);
    })();
    return stopping;
  };
  // Not once: a second signal must not cut off the requests that the first one waits for.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return { server, stop };
}

/** Closes when the last request is answered, or by force after `limitMs`. */
async function close(server: Server, limitMs: number): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), limitMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(force);
}

/**
 * The path and query of a request's target; `undefined` if it is none that a server must understand
 * (RFC 9112 section 3.2). Done here, because what Express cannot parse it answers by itself.
 */
function originForm({ url = '', headers, httpVersion }: IncomingMessage): string | undefined {
  if (headers.host === undefined && httpVersion === '1.1') return undefined;
  if (url.startsWith('/') || url === '*') return url;
  const absolute = /^https?:/i.test(url) ? URL.parse(url) : null;
  return absolute ? absolute.pathname + absolute.search : undefined;
}

/** For requests that are refused before Express sees them. */
function sendProblem(response: ServerResponse, problem: Problem): void {
  const body = JSON.stringify(problemDocument(problem));
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...securityHeaders,
  });
  response.end(body);
}

/** Answers what never became a request: there is no Express for it, and Node's own answer has no body. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const problem = clientProblem(error.code);
  const body = JSON.stringify(problemDocument(problem));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function clientProblem(errorCode: string | undefined): Problem {
  switch (errorCode) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers_too_large', 'The headers have more than 16 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request_timeout', 'The request came too slowly.');
    default:
      return new Problem('malformed_request', 'This is not a well-formed HTTP/1.1 request.');
  }
}
