import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiError, httpStatusOf } from './api-error.ts';

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

/** Answers with the envelope of a refusal. */
export function sendApiError(response: ServerResponse, error: ApiError): void {
  const { code: status, message, details } = error;
  if (status === 'UNAUTHENTICATED') {
    // RFC 6750, section 3; the realm is Google's [O].
    const challenge = 'Bearer realm="https://accounts.google.com/", error="invalid_token"';
    response.setHeader('www-authenticate', challenge);
  }
  const code = httpStatusOf[status];
  sendGoogleError(response, { code, status, message, ...(details.length > 0 && { details }) });
}

/** `GET pubsub.googleapis.com/v1/…`, without the query: it may hold an access token. */
export function describeCall(request: IncomingMessage): string {
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  return `${request.method ?? 'GET'} ${request.headers.host ?? ''}${path}`;
}

/** Answers 501: Google may have this method, the local cloud has not, and says so, at the terminal too. */
export function sendNotImplemented(
  request: IncomingMessage,
  response: ServerResponse,
  notify?: (sentence: string) => void,
): void {
  const sentence = `${describeCall(request)} is not implemented in the local cloud`;
  notify?.(sentence);
  sendGoogleError(response, { code: 501, status: 'UNIMPLEMENTED', message: `${sentence}.` });
}
