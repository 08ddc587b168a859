import { type Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { type ContainerHeaders, hopByHopNames } from './container-headers.ts';
import type { InboundRequest } from './inbound-request.ts';
import {
  containerHungUp,
  gatewayTimeout,
  payloadTooLarge,
  type Refusal,
  sendRefusal,
  unavailable,
} from './refusal-page.ts';

/** Where a request goes, and within which limits. */
export interface ForwardOptions {
  port: number;
  headers: ContainerHeaders;
  agent: Agent;
  clock: Clock;
  /** From the first byte to the last of the answer, in milliseconds. */
  timeoutMs: number;
  maxBodyBytes: number;
  /** Told, in a sentence, why the container's answer did not come through. */
  onFailure(reason: string): void;
  /** Changes the answer's headers (name, value, name, value, …). */
  mapResponseHeaders?: ((rawHeaders: string[]) => string[]) | undefined;
}

/** Passes a request to the container on 127.0.0.1 and its answer back, streaming both. */
export function forward(
  inbound: InboundRequest,
  response: ServerResponse,
  options: ForwardOptions,
): void {
  const { maxBodyBytes } = options;
  const { method, target: path, body } = inbound;
  const upstream = request({
    host: '127.0.0.1',
    port: options.port,
    method,
    path,
    headers: options.headers,
    agent: options.agent,
    setHost: false,
  });
  let settled = false;
  const settle = () => {
    settled = true;
    timer.cancel();
    body.unpipe(upstream);
    body.resume();
  };
  const fail = (refusal: Refusal, reason: string) => {
    if (settled) return;
    settle();
    upstream.destroy();
    options.onFailure(reason);
    if (response.headersSent) response.destroy();
    else sendRefusal(response, refusal);
  };
  const timer = options.clock.after(options.timeoutMs, () =>
    fail(gatewayTimeout, `did not answer within ${options.timeoutMs / 1000} s`),
  );
  const tooLarge = () =>
    fail(payloadTooLarge, `was sent a body of more than ${maxBodyBytes} bytes`);

  upstream.on('response', (answer) => {
    const headers = endToEnd(answer);
    response.writeHead(
      answer.statusCode ?? 500,
      answer.statusMessage,
      options.mapResponseHeaders?.(headers) ?? headers,
    );
    // An event stream's headers must not wait for its first event.
    if (answer.headers['content-length'] === undefined) response.flushHeaders();
    answer.on('error', () =>
      fail(containerHungUp, 'closed the connection in the middle of its answer'),
    );
    answer.on('end', () => {
      settle();
      // It has answered without reading the whole body: this connection cannot be used again.
      if (!upstream.writableFinished) upstream.destroy();
    });
    answer.pipe(response);
  });
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    // Once it answers, a container may well stop reading the body: only its answer matters then.
    if (response.headersSent) return;
    if (error.code === 'ECONNREFUSED') fail(unavailable, 'is not listening');
    else fail(containerHungUp, 'closed the connection before it answered');
  });
  response.on('close', () => {
    if (settled) return;
    settle();
    upstream.destroy();
  });

  if (Number(options.headers['content-length'] ?? 0) > maxBodyBytes) {
    tooLarge();
    return;
  }
  let received = 0;
  body.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxBodyBytes) tooLarge();
  });
  body.on('error', () => upstream.destroy());
  body.pipe(upstream);
}

/** The answer's headers without those of the connection to the container. */
function endToEnd({ rawHeaders, headersDistinct }: IncomingMessage): string[] {
  const dropped = hopByHopNames(headersDistinct.connection ?? []);
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)] ?? '';
    return !dropped.has(name.toLowerCase());
  });
}
