import type { ServerResponse } from 'node:http';

/** An answer of Google's front end itself, not of the container. */
export interface Refusal {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

const html = 'text/html; charset=UTF-8';

/** Sent with every 401 of the front door [O]. */
const challenge =
  'Bearer error="invalid_token" error_description="The access token could not be verified"';

/** No token, or one whose principal may not invoke the service. */
export function forbidden(path: string): Refusal {
  return page(
    '403 Forbidden',
    `Your client does not have permission to get URL <code>${escapeHtml(path)}</code> from this server.`,
  );
}

/** A token that is malformed, expired, for another audience, or no ID token at all. */
export function unauthorized(path: string): Refusal {
  return page(
    '401 Unauthorized',
    `Your client does not have permission to the requested URL <code>${escapeHtml(path)}</code>.`,
    { 'www-authenticate': challenge },
  );
}

/** No such service, or a path that Google keeps for itself [I]. */
export function notFound(path: string): Refusal {
  return page(
    '404 Page not found',
    `The requested URL <code>${escapeHtml(path)}</code> was not found on this server.`,
  );
}

/** https://cloud.google.com/run/docs/known-issues: TRACE and CONNECT never reach a container [I]. */
export const methodNotAllowed: Refusal = page(
  '405 Method Not Allowed',
  'The request method is inappropriate for the URL.',
);

/** https://cloud.google.com/run/quotas#request_limits */
export const payloadTooLarge: Refusal = page(
  '413 Request Entity Too Large',
  'Your client issued a request that was too large.',
  // The rest of the body is not read.
  { connection: 'close' },
);

/** A fault of the local cloud itself. */
export const internalError: Refusal = page(
  '500 Server Error',
  'The server encountered an error and could not complete your request.<p>Please try again in 30 seconds.',
);

/** No container listens [O]. */
export const unavailable: Refusal = page(
  '503 Service Unavailable',
  'The service you requested is not available yet.<p>Please try again in 30 seconds.',
);

/** The container closed the connection before it answered: Envoy's words [O]. */
export const containerHungUp: Refusal = text(
  503,
  'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
);

/** The container did not answer within the request timeout: Envoy's words [O]. */
export const gatewayTimeout: Refusal = text(504, 'upstream request timeout');

/** Sends a refusal, unless an answer is under way already. */
export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(refusal.status, {
    ...refusal.headers,
    'content-length': Buffer.byteLength(refusal.body),
  });
  response.end(refusal.body);
}

/** The shell of Google's error pages, byte for byte [O]. `title` starts with the status. */
function page(title: string, message: string, headers: Record<string, string> = {}): Refusal {
  const [status = '', ...words] = title.split(' ');
  const body = `<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>${title}</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>Error: ${words.join(' ')}</h1>
<h2>${message}</h2>
<h2></h2>
</body></html>`;
  return { status: Number(status), headers: { ...headers, 'content-type': html }, body };
}

function text(status: number, body: string): Refusal {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

function escapeHtml(value: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return value.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
