import { expect, it } from 'vitest';
import { loadTopology, resolveTopology } from '../../deploy/topology.ts';
import { serve } from '../../tests/support/network.ts';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { Iam } from '../iam/iam.ts';
import { projectResource } from '../iam/resource-names.ts';
import { defaults } from '../options.ts';
import type { TokenHolder } from '../tokens/access-tokens.ts';
import { Buckets } from './buckets.ts';
import { storageHandler } from './storage-handler.ts';

const ann = 'user:ann@example.com';

async function startStorage() {
  const clock = standingClock();
  const topology = resolveTopology(loadTopology(), { ...defaults, deployer: ann });
  const iam = new Iam({ clock });
  iam.policies.addBinding(projectResource('demo-project'), 'roles/storage.admin', ann);
  const buckets = new Buckets(clock);
  const notices: string[] = [];
  const base = await serve(
    storageHandler({
      topology,
      iam,
      buckets,
      notify: (sentence) => void notices.push(sentence),
      authenticate: ([header = '']) => header.replace('Bearer ', '') as TokenHolder,
    }),
  );
  const call = async (method: string, path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${ann}`, ...init.headers };
    const response = await fetch(base + path, { ...init, method, headers, redirect: 'manual' });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    // biome-ignore lint/suspicious/noExplicitAny: what a test looks at, it also expects
    const body: any = isJson ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body };
  };
  return { call, buckets, notices };
}

const withBucket = async () => {
  const storage = await startStorage();
  storage.buckets.create({ name: 'sources', project: 'demo-project', location: 'EUROPE-WEST1' });
  return storage;
};

it('makes a bucket, once', async () => {
  const { call } = await startStorage();
  const body = JSON.stringify({ name: 'sources', location: 'europe-west1' });
  expect((await call('GET', '/storage/v1/b/sources')).status).toBe(404);
  const made = await call('POST', '/storage/v1/b?project=demo-project', { body });
  expect(made.body).toMatchObject({ kind: 'storage#bucket', name: 'sources' });
  expect((await call('POST', '/storage/v1/b?project=demo-project', { body })).status).toBe(409);
  expect((await call('GET', '/storage/v1/b/sources')).body).toEqual(made.body);
  const list = await call('GET', '/storage/v1/b?project=demo-project&prefix=so');
  expect(list.body.items).toEqual([made.body]);
});

it('takes an upload in one request, and keeps its size', async () => {
  const { call } = await withBucket();
  const type = 'multipart/related; boundary="=limit="';
  const body = [
    '--=limit=',
    'Content-Type: application/json',
    '',
    '{"name": "a/b.tgz"}',
    '--=limit=',
    'Content-Type: application/x-tar',
    '',
    'x'.repeat(1_000),
    '--=limit=--',
  ].join('\r\n');
  const path = '/upload/storage/v1/b/sources/o?uploadType=multipart';
  const stored = await call('POST', path, { body, headers: { 'content-type': type } });
  expect(stored.body).toMatchObject({ kind: 'storage#object', name: 'a/b.tgz', size: '1000' });
  const object = await call('GET', '/storage/v1/b/sources/o/a%2Fb.tgz');
  expect(object.body).toEqual(stored.body);
  const content = await call('GET', '/sources/a/b.tgz');
  expect(content.body.error.message).toBe('The local cloud does not keep what is uploaded.');
});

it('takes an upload in parts', async () => {
  const { call } = await withBucket();
  const begun = await call(
    'POST',
    '/resumable/upload/storage/v1/b/sources/o?uploadType=resumable&name=big.tgz',
  );
  const { pathname, search } = new URL(begun.headers.get('location') ?? '');
  const send = (range: string, size: number) =>
    call('PUT', pathname + search, {
      body: 'x'.repeat(size),
      headers: { 'content-range': range },
    });
  const first = await send('bytes 0-9/*', 10);
  expect(first.status).toBe(308);
  expect(first.headers.get('range')).toBe('bytes=0-9');
  expect((await send('bytes 10-14/15', 5)).body).toMatchObject({ name: 'big.tgz', size: '15' });
  expect((await send('bytes 15-15/16', 1)).status).toBe(400);
});

it('sends a log from where it was read before', async () => {
  const { call, buckets } = await withBucket();
  const content = Buffer.from('one\ntwo\n');
  buckets.write('logs', 'log-1.txt', { sizeBytes: content.length, content });
  const read = (range: string) => call('GET', '/logs/log-1.txt', { headers: { range } });
  expect(await read('bytes=0-')).toMatchObject({ status: 206, body: 'one\ntwo\n' });
  expect(await read('bytes=4-')).toMatchObject({ status: 206, body: 'two\n' });
  expect((await read('bytes=8-')).status).toBe(416);
  expect((await call('GET', '/storage/v1/b/logs/o/log-1.txt?alt=media')).body).toBe('one\ntwo\n');
});

it.each([
  ['POST', '/upload/storage/v1/b/none/o?uploadType=media&name=a', 404, 'bucket does not exist'],
  ['POST', '/upload/storage/v1/b/sources/o?uploadType=media', 400, 'Required parameter: name'],
  ['POST', '/upload/storage/v1/b/sources/o?name=a', 400, 'uploadType must be'],
  [
    'POST',
    '/upload/storage/v1/b/sources/o?uploadType=multipart&name=a',
    400,
    'no multipart boundary',
  ],
  ['PUT', '/upload/storage/v1/b/sources/o?upload_id=x', 400, 'There is no such upload'],
  ['GET', '/storage/v1/b/sources/o/none', 404, 'No such object: sources/none'],
  ['GET', '/storage/v1/b/%zz', 400, 'broken percent escape'],
  ['DELETE', '/storage/v1/b/sources', 501, 'is not implemented in the local cloud'],
])('%s %s is refused with %i: %s', async (method, path, status, message) => {
  const { call } = await withBucket();
  const answer = await call(method, path, method === 'POST' ? { body: 'x' } : {});
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toContain(message);
});

it('asks IAM', async () => {
  const { call } = await withBucket();
  const headers = { authorization: 'Bearer user:eve@example.com' };
  const answer = await call('GET', '/storage/v1/b/sources', { headers });
  expect(answer.status).toBe(403);
  expect(answer.body.error.message).toContain(
    'eve@example.com does not have storage.buckets.get access',
  );
});
