import { randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import { exchange } from './exchange.ts';
import { rawExchange } from './raw-exchange.ts';
import type { HostileTokens, Traffic } from './traffic.ts';

const connections = 256;
/** Above the 16 KiB that the services take. */
const hugeHeader = 'a'.repeat(20 * 1_024);
const slowPaceMs = 50;

/**
 * Nine ways not to get in, in turn, past the front door at the receiver's own port: as if IAM let everybody
 * through. The receiver must refuse each with a 4xx.
 */
export function hostileTraffic(
  port: number,
  { tokens, audience }: { tokens: HostileTokens; audience: string },
): Traffic {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  const body = JSON.stringify({ text: 'hostile', attributes: { kind: 'hostile' } });
  const withToken =
    (token: () => string | undefined): Traffic['send'] =>
    (_index, done) => {
      const value = token();
      const headers = {
        'content-type': 'application/json',
        ...(value !== undefined && { authorization: `Bearer ${value}` }),
      };
      exchange(pool, { method: 'POST', path: '/messages', headers, body }, done);
    };
  const head = (lines: string) =>
    `POST /messages HTTP/1.1\r\nHost: receiver\r\nContent-Type: application/json\r\n${lines}\r\n\r\n`;
  const slow = [
    head(`Authorization: Bearer ${randomToken()}\r\nContent-Length: ${body.length}`),
    ...body,
  ];

  const ways: Traffic['send'][] = [
    withToken(withOtherClaims(tokens.wrongAudience, { aud: audience })),
    withToken(withUnknownKey(tokens.wrongAudience, audience)),
    withToken(() => tokens.wrongAudience),
    withToken(() => tokens.stranger),
    withToken(() => unsigned(tokens.wrongAudience)),
    withToken(randomToken),
    withToken(() => undefined),
    (_index, done) => rawExchange(port, [head(`X-Huge: ${hugeHeader}`)], slowPaceMs, done),
    (_index, done) => rawExchange(port, slow, slowPaceMs, done),
  ];
  return {
    send: (index, done) => ways[index % ways.length]?.(index, done),
    close: () => pool.destroy(),
  };
}

const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function randomToken(): string {
  return `eyJ${randomBytes(300).toString('base64url')}`;
}

/** The signature is of other claims: the receiver has the key, and must do the arithmetic to know. */
function withOtherClaims(token: string, changes: object): () => string {
  const [header, claims, signature] = token.split('.');
  const forged = `${header}.${encode({ ...decode(claims), ...changes })}.${signature}`;
  return () => forged;
}

/** By a key whose id nobody has seen, another one each time: its signature cannot even be checked. */
function withUnknownKey(token: string, audience: string): () => string {
  const claims = encode({ ...decode(token.split('.')[1]), aud: audience });
  const signature = randomBytes(256).toString('base64url');
  return () => {
    const kid = randomBytes(20).toString('hex');
    return `${encode({ alg: 'RS256', kid, typ: 'JWT' })}.${claims}.${signature}`;
  };
}

function unsigned(token: string): string {
  return `${encode({ alg: 'none', typ: 'JWT' })}.${token.split('.')[1]}.`;
}
