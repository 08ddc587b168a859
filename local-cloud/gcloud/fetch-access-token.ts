import type { State } from '../state-file.ts';

/** No token for this principal; the message says why, in a sentence. */
export class NoTokenError extends Error {
  override readonly name = 'NoTokenError';
}

/**
 * An access token of anybody, from the control API.
 *
 * @throws {NoTokenError}
 */
export async function fetchAccessToken(
  principal: string,
  control: State['control'],
): Promise<string> {
  const response = await fetch(`${control.url}/api/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${control.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ principal }),
    signal: AbortSignal.timeout(5_000),
  }).catch((cause: unknown) => {
    throw new NoTokenError('The local cloud does not answer: is it stopping?', { cause });
  });
  const body = (await response.json().catch(() => ({}))) as {
    accessToken?: string;
    detail?: string;
  };
  if (response.ok && body.accessToken) return body.accessToken;
  throw new NoTokenError(
    `No token for ${principal}: ${body.detail ?? `the control API answered ${response.status}`}`,
  );
}
