import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { strictInput } from '../strict-input.ts';
import { controlHandler } from './control-handler.ts';
import { route } from './route.ts';

const key = 'the-key';
const body = strictInput({ n: z.int().max(3), text: z.string().optional() });
const routes = [
  route({ method: 'GET', path: '/text', summary: '', handle: () => 'hello\n' }),
  route({ method: 'DELETE', path: '/things', summary: '', handle: () => undefined }),
  route({ method: 'PUT', path: '/things', summary: '', body, handle: (call) => call.body }),
  route({ method: 'GET', path: '/secret', summary: '', needsKey: true, handle: () => 'secret' }),
  route({
    method: 'GET',
    path: '/broken',
    summary: '',
    handle: () => {
      throw new Error('the inner life of the server');
    },
  }),
];

/** Serves the routes above for one test; `call` sends any headers, `Host` too, which fetch would not. */
async function start() {
  const notices: string[] = [];
  const notify = (sentence: string) => notices.push(sentence);
  const handle = controlHandler({ routes, key, notify });
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const call = (target: string, headers: Record<string, string> = {}, content = '') =>
    new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
      (resolve, reject) => {
        const [method = '', path = ''] = target.split(' ');
        const options = { host: '127.0.0.1', port, method, path };
        const outgoing = httpRequest(
          { ...options, headers: { host: `localhost:${port}`, ...headers } },
          async (response) => {
            let text = '';
            for await (const chunk of response.setEncoding('utf8')) text += chunk;
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
          },
        );
        outgoing.on('error', reject).end(content);
      },
    );
  return { port, call, notices };
}

const json = { 'content-type': 'application/json' };

describe('the control API', () => {
  it.each<[string, (port: number) => Record<string, string>, number]>([
    ['its own name', (port) => ({ host: `localhost:${port}` }), 200],
    ['its address', (port) => ({ host: `127.0.0.1:${port}` }), 200],
    ['another name, as after DNS rebinding', (port) => ({ host: `evil.example:${port}` }), 403],
    ['another port', (port) => ({ host: `localhost:${port + 1}` }), 403],
    ['its own page', (port) => ({ origin: `http://localhost:${port}` }), 200],
    ['the page of another site', () => ({ origin: 'https://evil.example' }), 403],
    ['a page of no site', () => ({ origin: 'null' }), 403],
    ['an image in another site', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
  ])('answers by who asks: %s', async (_who, headers, status) => {
    const { port, call } = await start();
    const answer = await call('GET /text', headers(port));
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(Object.keys(answer.headers).filter((name) => name.includes('allow'))).toEqual([]);
  });

  it.each<[string, string, Record<string, string>, string, number, string]>([
    ['an unknown path', 'GET /nothing', {}, '', 404, 'There is: /text, /things, /secret'],
    ['a path that is no URL', 'GET //', {}, '', 404, 'There is no // here.'],
    ['another method', 'POST /things', {}, '', 405, '/things takes DELETE, PUT only.'],
    ['a form', 'PUT /things', { 'content-type': 'text/plain' }, '{"n":1}', 415, 'must be JSON'],
    ['a body of no type', 'PUT /things', {}, '{"n":1}', 415, 'must be JSON'],
    ['broken JSON', 'PUT /things', json, '{"n":', 400, 'The body is not JSON'],
    ['bytes that are no text', 'PUT /things', json, '"\xff', 400, 'The body is not JSON'],
    ['a large body', 'PUT /things', json, ' '.repeat(65_537), 413, '65536 bytes'],
    ['no body', 'PUT /things', {}, '', 422, 'n: '],
    ['no object', 'PUT /things', json, '[]', 422, 'expected object'],
    ['a number too large', 'PUT /things', json, '{"n":4}', 422, 'n: Too big'],
    ['an unknown field', 'PUT /things', json, '{"n":1,"m":1}', 422, 'Unknown: m. Allowed: n, text'],
  ])(
    'refuses %s and says what is allowed',
    async (_what, target, headers, content, status, text) => {
      const { call } = await start();
      const answer = await call(target, headers, content);
      const problem = JSON.parse(answer.text);
      expect([answer.status, problem.status]).toEqual([status, status]);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(problem.detail).toContain(text);
    },
  );

  it('lists every fault of a body with its path', async () => {
    const { call } = await start();
    const { text } = await call('PUT /things', json, '{"n":1.5,"text":1}');
    const { errors } = JSON.parse(text);
    expect(errors.map(({ path }: { path: string }) => path)).toEqual(['n', 'text']);
  });

  it('takes what is fine', async () => {
    const { call } = await start();
    const charset = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect(JSON.parse((await call('PUT /things?x=1', charset, '{"n":3}')).text)).toEqual({ n: 3 });
    expect(await call('DELETE /things')).toMatchObject({ status: 204, text: '' });
    expect(await call('GET /text')).toMatchObject({ status: 200, text: 'hello\n' });
  });

  it.each([
    [undefined, 401, 'Bearer realm="control"'],
    ['Bearer another', 401, 'Bearer realm="control", error="invalid_token"'],
    [`Basic ${key}`, 401, 'Bearer realm="control"'],
    [`bearer ${key}`, 200, undefined],
  ])(
    'lends nothing without the key: Authorization %s',
    async (authorization, status, challenge) => {
      const { call } = await start();
      const answer = await call(
        'GET /secret',
        authorization === undefined ? {} : { authorization },
      );
      expect(answer.status).toBe(status);
      expect(answer.headers['www-authenticate']).toBe(challenge);
      expect(answer.text).not.toContain(key);
    },
  );

  it('tells the terminal of its own defects, and the client nothing', async () => {
    const { call, notices } = await start();
    const answer = await call('GET /broken');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('inner life');
    expect(notices).toEqual([
      'the control API failed in GET /broken: Error: the inner life of the server',
    ]);
  });
});
