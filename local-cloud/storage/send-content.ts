import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../network/api-error.ts';
import type { StoredObject } from './buckets.ts';

/** Sends what an object holds, from where a `Range: bytes=N-` says: gcloud follows a log that way. */
export function sendContent(
  { content }: StoredObject,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (!content) {
    throw new ApiError('FAILED_PRECONDITION', 'The local cloud does not keep what is uploaded.');
  }
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start > 0 && start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const rest = content.subarray(start);
  const range = `bytes ${start}-${content.length - 1}/${content.length}`;
  response.writeHead(request.headers.range ? 206 : 200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': rest.length,
    ...(request.headers.range && { 'content-range': range }),
  });
  response.end(rest);
}
