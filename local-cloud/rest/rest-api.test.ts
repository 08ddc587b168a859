import { expect, it } from 'vitest';
import { serve } from '../../tests/support/network.ts';
import { ApiError } from '../network/api-error.ts';
import { pathTemplate } from './path-template.ts';
import { type RestMethod, restApi } from './rest-api.ts';

it.each([
  ['/v1/projects/{project}', '/v1/projects/demo', { project: 'demo' }],
  ['/v1/projects/{project}', '/v1/projects/demo:getIamPolicy', undefined],
  ['/v1/projects/{project}', '/v1/projects/demo/topics', undefined],
  ['/v1/projects/{project}:getIamPolicy', '/v1/projects/demo:getIamPolicy', { project: 'demo' }],
  ['/v1/projects/{p}:getIamPolicy', '/v1/projects/a.com:demo:getIamPolicy', { p: 'a.com:demo' }],
  ['/v1/{name=projects/*/topics/*}', '/v1/projects/p/topics/t', { name: 'projects/p/topics/t' }],
  ['/v1/{name=projects/*/topics/*}', '/v1/projects/p/topics/t:publish', undefined],
  [
    '/v1/{topic.name=projects/*/topics/*}',
    '/v1/projects/p/topics/t',
    { 'topic.name': 'projects/p/topics/t' },
  ],
  ['/v1/{name=projects/*/x/**}', '/v1/projects/p/x/y/z', { name: 'projects/p/x/y/z' }],
  ['/v1/a.b/{x}', '/v1/aXb/y', undefined],
  ['/v1/{x}', '/v1/caller%40demo', { x: 'caller@demo' }],
])('%s against %s', (template, path, expected) => {
  expect(pathTemplate(template).match(path)).toEqual(expected);
});

it.each([
  '/v1/projects/demo%2Fx',
  '/v1/projects/demo%2f..',
  '/v1/projects/demo%00',
  '/v1/projects/%',
])('names nothing by %s', (path) => {
  expect(() => pathTemplate('/v1/projects/{project}').match(path)).toThrow(URIError);
});

async function start(methods: Partial<RestMethod>[]) {
  const notices: string[] = [];
  const url = await serve(
    restApi({
      service: 'x.googleapis.com',
      methods: methods.map((method) => ({
        name: 'x.Get',
        verb: 'GET',
        path: '/v1/{x}',
        handle: (call) => ({ params: call.params, body: call.body, by: call.principal }),
        ...method,
      })),
      authenticate: ([header]) => {
        if (header === undefined) throw new ApiError('UNAUTHENTICATED', 'Who are you?');
        return 'user:ann@example.com';
      },
      notify: (sentence) => notices.push(sentence),
    }),
  );
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(url + path, {
      headers: { authorization: 'Bearer x' },
      ...init,
    });
    return {
      status: response.status,
      body: (await response.json()) as { error: object },
      headers: response.headers,
    };
  };
  return { call, notices };
}

it('answers what the method answers', async () => {
  const { call } = await start([{ verb: 'POST' }]);
  const answer = await call('/v1/a?alt=json', {
    method: 'POST',
    body: '{"b":1}',
  });
  expect(answer).toMatchObject({
    status: 200,
    body: { params: { x: 'a' }, body: { b: 1 }, by: 'user:ann@example.com' },
  });
});

it.each<[path: string, init: RequestInit, status: number, code: string, message: string]>([
  ['/v1/a', { headers: {} }, 401, 'UNAUTHENTICATED', 'Who are you?'],
  ['/v1/a?alt=proto', {}, 400, 'INVALID_ARGUMENT', 'alt'],
  ['/v1/%zz', {}, 400, 'INVALID_ARGUMENT', 'percent escape'],
  ['/v1/a', { method: 'POST', body: '{' }, 400, 'INVALID_ARGUMENT', 'Invalid JSON payload'],
  ['/v1/a', { method: 'POST', body: '[]' }, 400, 'INVALID_ARGUMENT', 'must be an object'],
  ['/v1/a', { method: 'POST', body: '{"fail":1}' }, 500, 'INTERNAL', 'Internal error'],
  ['/v2/a?access_token=secret', {}, 501, 'UNIMPLEMENTED', 'GET 127.0.0.1'],
  ['/v1/a', { method: 'DELETE' }, 501, 'UNIMPLEMENTED', 'DELETE 127.0.0.1'],
])('%s %j is refused with %i in the envelope', async (path, init, status, code, message) => {
  const { call, notices } = await start([
    {},
    {
      verb: 'POST',
      handle: ({ body }) => {
        if (body.fail) throw new TypeError('defect');
        return {};
      },
    },
  ]);
  const answer = await call(path, init.headers ? init : { ...init });
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatchObject({
    code: status,
    status: code,
    message: expect.stringContaining(message),
  });
  if (status >= 500) expect(notices).toHaveLength(1);
  expect(JSON.stringify([answer.body, notices])).not.toContain('secret');
});

it('challenges who does not say who they are', async () => {
  const { call } = await start([{}]);
  const { headers } = await call('/v1/a', { headers: {} });
  expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
});
