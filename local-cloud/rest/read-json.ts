import type { IncomingMessage } from 'node:http';
import { ApiError, invalidArgument } from '../network/api-error.ts';

/** Above the largest that Google takes here: 10 MB published, in base64. */
const longestBody = 32 * 1024 * 1024;

/**
 * The JSON object in a request's body, an empty one if there is no body. As at Google, whatever its
 * Content-Type says.
 *
 * @throws {ApiError} INVALID_ARGUMENT
 */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) {
      throw invalidArgument(`Request payload size exceeds the limit: ${longestBody} bytes.`);
    }
    chunks.push(chunk);
  }
  if (size === 0) return {};
  const value = parse(Buffer.concat(chunks));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw invalidArgument(
    'Invalid JSON payload received. The root of the message must be an object.',
  );
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Invalid JSON payload received. ${(error as Error).message}`,
    );
  }
}
