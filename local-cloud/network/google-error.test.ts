import { expect, test } from 'vitest';
import { serve } from '../../tests/support/network.ts';
import { sendGoogleError, sendNotImplemented } from './google-error.ts';

test('the envelope of Google', async () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo' }];
  const url = await serve((_, response) =>
    sendGoogleError(response, { code: 403, status: 'PERMISSION_DENIED', message: 'No.', details }),
  );
  const response = await fetch(url);
  expect(response.status).toBe(403);
  expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
  expect(await response.json()).toEqual({
    error: { code: 403, message: 'No.', status: 'PERMISSION_DENIED', details },
  });
});

test('what is not there is named by method, host and path, without its query', async () => {
  const url = await serve(sendNotImplemented);
  const response = await fetch(`${url}/v1/things:do?access_token=secret`, { method: 'POST' });
  expect(response.status).toBe(501);
  const host = url.slice('http://'.length);
  expect(await response.json()).toEqual({
    error: {
      code: 501,
      message: `POST ${host}/v1/things:do is not implemented in the local cloud.`,
      status: 'UNIMPLEMENTED',
    },
  });
});
