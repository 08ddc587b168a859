import { ApiError, errorInfo } from './api-error.ts';
import { describeCall, sendApiError } from './google-error.ts';
import type { HttpHandler } from './host-router.ts';

/**
 * Answers for the hosts of Google's APIs that are not played, as Google does for an API that is not enabled.
 * Clients give up at once; a refused connection would be tried again, and a 501 too.
 */
export function apiNotPlayed(options: { notify: (sentence: string) => void }): HttpHandler {
  return (request, response) => {
    const service = request.headers.host ?? '';
    options.notify(`${describeCall(request)}: the local cloud does not play this API`);
    const message = `The local cloud does not play ${service}, and nothing leaves this machine.`;
    const info = errorInfo('SERVICE_DISABLED', 'googleapis.com', { service });
    sendApiError(response, new ApiError('PERMISSION_DENIED', message, [info]));
  };
}
