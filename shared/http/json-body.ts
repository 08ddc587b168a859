import { type Request, type RequestHandler, raw } from 'express';
import { Problem } from './problem.ts';

/** Largest request body, in bytes. */
const bodyLimit = 64 * 1024;
/** No message of ours nests deeper than three; this bounds what a parser has to recurse into. */
const deepestNesting = 16;
/** How long a body that is too large is let go by before it is refused, in milliseconds. */
const longestDiscardMs = 2_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const readBody = raw({ type: () => true, limit: bodyLimit, inflate: false });

/**
 * Reads a JSON body, strictly: `application/json` in UTF-8 (RFC 8259 section 8.1), at most 64 KiB,
 * not compressed, not nested without end, and without `__proto__`. Stands behind authentication, so
 * that strangers cannot make us parse anything.
 */
export const jsonBody: RequestHandler = (request, response, next) => {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^application\/json[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i.test(contentType)) {
    throw new Problem('unsupported_media_type', 'Send Content-Type: application/json, in UTF-8.', {
      headers: { Accept: 'application/json' },
    });
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new Problem('unsupported_media_type', 'Send the body without compression.', {
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
  if (Number(request.headers['content-length']) > bodyLimit) {
    void discardBody(request).then(() => next(tooLarge()));
    return;
  }
  readBody(request, response, (error?: unknown) => {
    try {
      if (error) throw bodyProblem(error);
      request.body = parseJson(request.body);
    } catch (problem) {
      next(problem);
      return;
    }
    next();
  });
};

/** @throws {Problem} `malformed_json`, with what is wrong and never with what was sent. */
function parseJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) throw malformed('The body is empty.');
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
  if (nesting(text) > deepestNesting) throw malformed('The body is nested too deeply.');
  try {
    // Looking at every name takes longer than all the rest, so only where there may be such a one.
    return JSON.parse(text, /__proto__|\\u/.test(text) ? refuseProto : undefined);
  } catch (error) {
    throw error instanceof Problem ? error : malformed('The body is not valid JSON.');
  }
}

/** For `JSON.parse`: every name goes through here. */
function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') throw malformed('The name __proto__ is not allowed.');
  return value;
}

function malformed(detail: string): Problem {
  return new Problem('malformed_json', detail);
}

/** How deep objects and arrays nest, without parsing: brackets inside strings do not count. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{]|[\]}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth--;
  }
  return deepest;
}

/**
 * Lets a body that nobody wants go by, but not for as long as a client may take to send it. Without that, a
 * connection that is closed after the answer still has unread bytes: it is reset, and the reset takes the
 * answer away from a client that has not read it yet (RFC 9112 section 9.6).
 */
function discardBody(request: Request): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, longestDiscardMs);
    request.once('end', done).once('close', done).resume();
  });
}

function tooLarge(): Problem {
  return new Problem('content_too_large', `The body may have at most ${bodyLimit} bytes.`);
}

function bodyProblem(error: unknown): unknown {
  const { type } = error as { type?: unknown };
  if (type === 'entity.too.large') return tooLarge();
  if (type === 'request.aborted' || type === 'request.size.invalid') {
    return new Problem('malformed_request', 'The body ended before it was complete.');
  }
  return error;
}
