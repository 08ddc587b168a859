import { z } from 'zod';

/** What came back: of a service in JSON, of Cloud Run's front door in HTML. */
export interface Answer {
  status: number;
  by: 'service' | 'front door';
  /** Parsed JSON of a service. */
  body: unknown;
}

/** Nothing came back; the reason in a sentence. */
export interface NoAnswer {
  status: undefined;
  reason: string;
}

export interface Request {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Sent as JSON with POST. */
  body?: unknown;
}

/** The services give up after 15 s themselves; a cold start comes on top. */
const timeoutMs = 30_000;

/** Calls a service once, without following redirects. */
export async function call(
  send: typeof fetch,
  { url, headers, body }: Request,
): Promise<Answer | NoAnswer> {
  try {
    const response = await send(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    const isJson = /^application\/(?:\w+\+)?json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      by: isJson ? 'service' : 'front door',
      body: isJson ? JSON.parse(text) : undefined,
    };
  } catch (error) {
    const { cause, message } = error as Error;
    return { status: undefined, reason: cause instanceof Error ? cause.message : message };
  }
}

const problemSchema = z.object({
  code: z.string().catch(''),
  detail: z.string().catch(''),
  upstream: z
    .object({
      status: z.number(),
      code: z.string().nullable().catch(null),
      answeredBy: z.string().optional(),
    })
    .optional()
    .catch(undefined),
});

/** A problem document of a service, RFC 9457; with empty fields if it is none. */
export function problemOf({ body }: Answer) {
  return problemSchema.catch({ code: '', detail: '' }).parse(body);
}
