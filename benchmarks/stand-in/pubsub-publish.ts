import type { ServerHttp2Stream } from 'node:http2';
import type { Counters } from './counters.ts';
import { countField, encodeStrings } from './protobuf.ts';

/** A length-prefixed message begins with a flag and four bytes of length. */
const prefixBytes = 5;
/** `PublishRequest.messages`. */
const messagesField = 2;

/**
 * Answers a `Publish` in gRPC: acknowledges every message at once, and keeps none.
 * https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#publisher
 */
export function answerPublish(stream: ServerHttp2Stream, counters: Counters): void {
  const chunks: Buffer[] = [];
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    const count = countField(Buffer.concat(chunks).subarray(prefixBytes), messagesField);
    counters.publishRequests += 1;
    const ids = Array.from({ length: count }, (_, index) => String(counters.messages + index + 1));
    counters.messages += count;
    const answer = encodeStrings(ids);
    const prefix = Buffer.alloc(prefixBytes);
    prefix.writeUInt32BE(answer.length, 1);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc+proto' },
      { waitForTrailers: true },
    );
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.concat([prefix, answer]));
  });
}
