import type { IncomingMessage, ServerResponse } from 'node:http';

/** The body of an error of Google's APIs: https://cloud.google.com/apis/design/errors#http_mapping */
export interface GoogleError {
  /** The HTTP status. */
  code: number;
  /** The canonical name of `google.rpc.Code`, for example `NOT_FOUND`. */
  status: string;
  message: string;
  details?: readonly unknown[];
}

/** Answers with Google's JSON error envelope. */
export function sendGoogleError(response: ServerResponse, error: GoogleError): void {
  const { code, message, status, details } = error;
  const body = { error: { code, message, status, ...(details && { details }) } };
  response.writeHead(code, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}

/** Answers 501: Google may have this method, the local cloud has not, and says so. */
export function sendNotImplemented(request: IncomingMessage, response: ServerResponse): void {
  // Without the query: it may hold an access token.
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const call = `${request.method ?? 'GET'} ${request.headers.host ?? ''}${path}`;
  sendGoogleError(response, {
    code: 501,
    status: 'UNIMPLEMENTED',
    message: `${call} is not implemented in the local cloud.`,
  });
}
