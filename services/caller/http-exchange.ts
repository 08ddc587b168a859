import { globalAgent as httpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { globalAgent as httpsAgent, request as httpsRequest } from 'node:https';

/** One request to the receiver; the deadline counts until the last byte of the answer, in milliseconds. */
export interface Exchange {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  deadlineMs: number;
}

/** An answer, read to its end. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Empty if it was too large to be an answer of the receiver. */
  body: string;
}

/**
 * Sends one request and reads its whole answer. Redirects are answers like others.
 *
 * @throws {ExchangeTimeout} when the deadline is over; otherwise what the connection throws when it
 *   cannot be made, or breaks before the end of the answer.
 */
export type SendExchange = (exchange: Exchange) => Promise<Answer>;

export class ExchangeTimeout extends Error {
  override readonly name = 'ExchangeTimeout';
}

/** No answer of the receiver is larger, in bytes; more is not read. */
const largestAnswer = 64 * 1024;

/**
 * Exchanges with one origin, over connections that stay open for the next ones: google-auth-library's
 * own client opens one per request. Node's plain client, because with the global `fetch` this service needs
 * twice the CPU for a message (`benchmarks/README.md`).
 */
export function exchangesWith(origin: string): SendExchange {
  const { protocol, hostname, port, host } = new URL(origin);
  const [send, agent] =
    protocol === 'https:' ? [httpsRequest, httpsAgent] : [httpRequest, httpAgent];
  const target = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, agent };

  return ({ method, path, headers, body, deadlineMs }) =>
    new Promise((resolve, reject) => {
      const request = send({ ...target, method, path, headers: headerList(host, headers, body) });
      const deadline = setTimeout(() => {
        reject(new ExchangeTimeout(`no answer within ${deadlineMs} ms`));
        request.destroy();
      }, deadlineMs);
      request.once('close', () => clearTimeout(deadline));
      // Not once: breaking off a request that failed already is an error again.
      request.on('error', reject);
      request.once('response', (response) => readAnswer(response).then(resolve, reject));
      request.end(body);
    });
}

/** Names and values in turn: Node writes such a list as it is, without a table of names in between. */
function headerList(host: string, headers: Record<string, string>, body: string | undefined) {
  const list = ['host', host];
  for (const [name, value] of Object.entries(headers)) list.push(name, value);
  if (body !== undefined) list.push('content-length', String(Buffer.byteLength(body)));
  return list;
}

function readAnswer(response: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0, headers } = response;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largestAnswer) {
        chunks.push(chunk);
        return;
      }
      resolve({ status, headers, body: '' });
      response.destroy();
    });
    response.once('end', () => {
      resolve({ status, headers, body: Buffer.concat(chunks).toString() });
    });
    response.on('error', reject);
  });
}
