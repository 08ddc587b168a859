import { randomBytes } from 'node:crypto';
import type { InboundRequest } from './inbound-request.ts';

/** Values by lower-case name, as `http.request` takes them. */
export type ContainerHeaders = Record<string, string | string[]>;

/** RFC 9110, section 7.6.1, and what older software treats the same way. */
const hopByHop: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** The headers of one connection only: the fixed ones and those that `Connection` lists. */
export function hopByHopNames(connection: readonly string[]): ReadonlySet<string> {
  const listed = connection.flatMap((value) => value.split(','));
  return new Set([...hopByHop, ...listed.map((name) => name.trim().toLowerCase())]);
}

/**
 * The request's headers as the container sees them, before its credential is stripped: without
 * those of the connection, with those that Google adds [O].
 */
export function containerHeaders({ headers, clientAddress }: InboundRequest): ContainerHeaders {
  const dropped = hopByHopNames(headers.connection ?? []);
  const kept: ContainerHeaders = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !dropped.has(name))
      .map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : [...values]]),
  );
  // The front door has answered it already.
  delete kept.expect;
  // A body must stay framed whatever `Connection` lists: otherwise it would be read as the next
  // request of the connection to the container.
  const length = headers['content-length']?.[0];
  if (headers['transfer-encoding']) kept['transfer-encoding'] = 'chunked';
  else if (length !== undefined) kept['content-length'] = length;

  const address = clientAddress.replace(/^::ffff:/, '');
  const trace = traceOf(headers);
  return {
    ...kept,
    forwarded: `for="${address.includes(':') ? `[${address}]` : address}";proto=https`,
    'x-forwarded-for': [...(headers['x-forwarded-for'] ?? []), address].join(','),
    'x-forwarded-proto': 'https',
    traceparent: trace.traceparent,
    'x-cloud-trace-context': trace.cloudTraceContext,
  };
}

/**
 * The request's trace, or a new one.
 * https://www.w3.org/TR/trace-context/#traceparent-header and
 * https://cloud.google.com/trace/docs/trace-context#legacy-http-header
 */
function traceOf(headers: InboundRequest['headers']) {
  const [w3c = ''] = headers.traceparent ?? [];
  const [google = ''] = headers['x-cloud-trace-context'] ?? [];
  const [, traceId, spanId, flags] =
    /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/.exec(w3c) ?? [];
  if (traceId !== undefined && spanId !== undefined && flags !== undefined) {
    return traceHeaders(traceId, spanId, (Number.parseInt(flags, 16) & 1) === 1, google);
  }
  const [, googleTraceId, googleSpanId, option] =
    /^(?!0{32})([0-9a-f]{32})(?:\/(\d{1,20}))?(?:;o=([01]))?$/i.exec(google) ?? [];
  const span =
    googleSpanId && isSpanId(BigInt(googleSpanId))
      ? BigInt(googleSpanId).toString(16).padStart(16, '0')
      : randomId(8);
  return googleTraceId === undefined
    ? traceHeaders(randomId(16), randomId(8), false, '')
    : traceHeaders(googleTraceId.toLowerCase(), span, option === '1', google);
}

function isSpanId(value: bigint): boolean {
  return value > 0n && value < 1n << 64n;
}

function traceHeaders(traceId: string, spanId: string, sampled: boolean, google: string) {
  return {
    traceparent: `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`,
    cloudTraceContext: google || `${traceId}/${BigInt(`0x${spanId}`)};o=${sampled ? 1 : 0}`,
  };
}

function randomId(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
