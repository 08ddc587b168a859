/** One HTTP answer as it came over the wire. */
export interface Answer {
  status: number;
  /** Lower-case names; several of one name are joined by a comma and a blank. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Every complete answer in what a connection has brought so far (RFC 9112 section 6), interim ones
 * (1xx) too.
 */
export function parseAnswers(text: string): Answer[] {
  const answers: Answer[] = [];
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(rest)?.[1]);
    if (end < 0 || !status) return answers;
    const headers = headersOf(rest.slice(0, end));
    const afterHead = rest.slice(end + 4);
    const bodiless = status < 200 || status === 204 || status === 304;
    const taken = bodiless ? { body: '', length: 0 } : takeBody(headers, afterHead);
    if (!taken) return answers;
    answers.push({ status, headers, body: taken.body });
    rest = afterHead.slice(taken.length);
  }
}

function headersOf(head: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

/** `undefined` while the body is not complete. */
function takeBody(headers: Record<string, string>, text: string) {
  if (headers['transfer-encoding'] !== 'chunked') {
    const length = Number(headers['content-length'] ?? text.length);
    return text.length < length ? undefined : { body: text.slice(0, length), length };
  }
  let body = '';
  let at = 0;
  for (;;) {
    const [line, size = ''] = /^([\da-f]+)\r\n/i.exec(text.slice(at, at + 20)) ?? [];
    if (line === undefined) return undefined;
    const bytes = Number.parseInt(size, 16);
    const start = at + line.length;
    if (text.length < start + bytes + 2) return undefined;
    body += text.slice(start, start + bytes);
    at = start + bytes + 2;
    if (bytes === 0) return { body, length: at };
  }
}
