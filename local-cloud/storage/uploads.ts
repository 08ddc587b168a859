import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { invalidArgument } from '../network/api-error.ts';
import { parseBody } from '../rest/parse-body.ts';
import { readJson } from '../rest/read-json.ts';
import type { Buckets } from './buckets.ts';
import { objectJson } from './storage-json.ts';

/** Sources of a project; what is larger has something in it that does not belong there. */
const largestUpload = 512 * 1024 * 1024;
/** Uploads that were begun and never finished; beyond this the oldest are forgotten. */
const keptSessions = 100;

const metadataSchema = z.looseObject({
  name: z.string().optional(),
  location: z.string().optional(),
});

interface UploadCall {
  query: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Uploads of objects: in one request, or resumable in several. Nothing is kept but the size.
 * https://cloud.google.com/storage/docs/uploads-downloads
 */
export class Uploads {
  readonly #buckets: Buckets;
  readonly #sessions = new Map<string, { bucket: string; name: string; received: number }>();

  constructor(buckets: Buckets) {
    this.#buckets = buckets;
  }

  /** The JSON that describes a resource. @throws {ApiError} INVALID_ARGUMENT */
  async readMetadata(request: IncomingMessage): Promise<z.output<typeof metadataSchema>> {
    return parseBody(metadataSchema, await readJson(request));
  }

  /** @throws {ApiError} INVALID_ARGUMENT */
  async start(
    bucket: string,
    { query, request, response }: UploadCall,
  ): Promise<object | undefined> {
    const name = query.get('name') ?? '';
    switch (query.get('uploadType')) {
      case 'media': {
        const sizeBytes = await sizeOf(request);
        return objectJson(this.#buckets.write(bucket, required(name), { sizeBytes }));
      }
      case 'multipart': {
        const parts = await readMultipart(request);
        const metadata = parseBody(metadataSchema, parseJson(parts.metadata));
        const { sizeBytes } = parts;
        return objectJson(
          this.#buckets.write(bucket, required(name || metadata.name), { sizeBytes }),
        );
      }
      case 'resumable': {
        const metadata = await this.readMetadata(request);
        const id = randomUUID();
        const session = { bucket, name: required(name || metadata.name), received: 0 };
        this.#sessions.set(id, session);
        const [oldest] = this.#sessions.keys();
        if (this.#sessions.size > keptSessions && oldest) this.#sessions.delete(oldest);
        const [path] = (request.url ?? '').split('?', 1);
        const location = `https://${request.headers.host}${path}?uploadType=resumable&upload_id=${id}`;
        response.writeHead(200, { location, 'content-length': 0 }).end();
        return undefined;
      }
      default:
        throw invalidArgument('uploadType must be media, multipart or resumable.');
    }
  }

  /** The next part of a resumable upload, or the question how far it is. */
  async proceed({ query, request, response }: UploadCall): Promise<object | undefined> {
    const id = query.get('upload_id') ?? '';
    const session = this.#sessions.get(id);
    if (!session) throw invalidArgument('There is no such upload.');
    const range = request.headers['content-range'] ?? '';
    session.received += await sizeOf(request, largestUpload - session.received);
    const [, total] = /\/(\d+)$/.exec(range) ?? [];
    const isLast = range === '' || Number(total) === session.received;
    if (isLast) {
      this.#sessions.delete(id);
      const { bucket, name, received: sizeBytes } = session;
      return objectJson(this.#buckets.write(bucket, name, { sizeBytes }));
    }
    const soFar = session.received > 0 && { range: `bytes=0-${session.received - 1}` };
    response.writeHead(308, { ...soFar, 'content-length': 0 }).end();
    return undefined;
  }
}

/** Of what is no JSON, the schema says that it is no object. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function required(name: string | undefined): string {
  if (name) return name;
  throw invalidArgument('Required parameter: name');
}

async function sizeOf(request: IncomingMessage, limit = largestUpload): Promise<number> {
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(largestUpload);
  }
  return size;
}

/** `multipart/related` (RFC 2387): JSON first, then the bytes. */
async function readMultipart(
  request: IncomingMessage,
): Promise<{ metadata: string; sizeBytes: number }> {
  const [, quoted, plain] =
    /boundary=(?:"([^"]+)"|'?([^;']+)'?)/.exec(request.headers['content-type'] ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (!boundary) throw invalidArgument('The upload has no multipart boundary.');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestMultipart) throw tooLarge(largestMultipart);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const delimiter = `--${boundary}`;
  const second = body.indexOf(`\n${delimiter}`);
  const end = body.lastIndexOf(`\n${delimiter}--`);
  if (second < 0 || end <= second) throw invalidArgument('The upload is no multipart/related.');
  const contentAt = (from: number) => {
    const blank = /\r?\n\r?\n/.exec(body.subarray(from, from + 4_096).toString('latin1'));
    return blank ? from + blank.index + blank[0].length : from;
  };
  const metadata = body.subarray(contentAt(0), second).toString('utf8').trim();
  const lineEnd = body[end - 1] === 0x0d ? end - 1 : end;
  return { metadata, sizeBytes: lineEnd - contentAt(second + 1) };
}

/** Clients send only small files like this. */
const largestMultipart = 64 * 1024 * 1024;

function tooLarge(limit: number) {
  const mebibytes = limit / 2 ** 20;
  return invalidArgument(`The upload is too large for the local cloud: ${mebibytes} MiB at most.`);
}
