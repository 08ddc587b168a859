import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ControlProblem } from './control-problem.ts';

/** A key that nobody can guess. It stands in the state file only, which only the user can read. */
export function makeControlKey(): string {
  return randomBytes(32).toString('base64url');
}

/** @throws {ControlProblem} 401 unless the request carries the key */
export function requireKey(request: IncomingMessage, key: string): void {
  const [, given] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (given !== undefined && timingSafeEqual(digest(given), digest(key))) return;
  // RFC 6750, section 3: without credentials there is nothing to call an error.
  const error = given === undefined ? '' : ', error="invalid_token"';
  throw new ControlProblem(
    401,
    'This needs the control key: send it as "Authorization: Bearer <control.key of .local-cloud/state.json>".',
    { headers: { 'www-authenticate': `Bearer realm="control"${error}` } },
  );
}

/** Of one length, as the comparison wants it. */
const digest = (text: string) => createHash('sha256').update(text).digest();
