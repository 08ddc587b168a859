import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { ControlProblem, invalidInput } from './control-problem.ts';

const longestBody = 64 * 1024;

/**
 * The JSON value in a request's body; an empty object if there is no body.
 *
 * @throws {ControlProblem} 415, 413, 400
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  if (length === '0' && coding === undefined) return {};
  const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1);
  if (type.trim().toLowerCase() !== 'application/json') {
    throw refuseBody(415, "The body must be JSON: send 'content-type: application/json'.");
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) {
      throw refuseBody(413, `The body must not be larger than ${longestBody} bytes.`);
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (error) {
    throw new ControlProblem(400, `The body is not JSON: ${(error as Error).message}`);
  }
}

/**
 * What the schema makes of a part of a request.
 *
 * @throws {ControlProblem} 422 that lists everything that is wrong
 */
export function check<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidInput(
    result.error.issues.map(({ path, message }) => ({ path: path.join('.'), detail: message })),
  );
}

/** The rest of the body is not read. */
function refuseBody(status: number, detail: string): ControlProblem {
  return new ControlProblem(status, detail, { headers: { connection: 'close' } });
}
