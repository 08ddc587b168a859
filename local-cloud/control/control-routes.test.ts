import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startTestCloud, type TestCloud } from '../../tests/support/cloud.ts';
import { stateOf } from '../state-file.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ startServices: false });
});
afterAll(() => cloud.stop());
afterEach(() => cloud.faults.clear());

const caller = 'serviceAccount:caller@demo-project.iam.gserviceaccount.com';
const receiver =
  '//run.googleapis.com/projects/demo-project/locations/europe-west1/services/receiver';

async function call(target: string, body?: unknown, headers: Record<string, string> = {}) {
  const [method = '', path = ''] = target.split(' ');
  const response = await fetch(cloud.controlUrl + path, {
    method,
    ...(body === undefined
      ? { headers }
      : {
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined };
}

const withKey = () => ({ authorization: `Bearer ${cloud.controlKey}` });

describe('state', () => {
  it('shows everything there is', async () => {
    const { status, body } = await call('GET /api/state');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      project: 'demo-project',
      projectNumber: '123456789012',
      region: 'europe-west1',
      developer: 'user:developer@example.com',
      settings: {
        idTokenLifetimeSeconds: 3600,
        iamPropagationDelaySeconds: 0,
        strip: 'google',
      },
      faults: {},
      topics: [{ name: 'projects/demo-project/topics/events' }],
    });
    expect(body.services).toContainEqual({
      name: 'receiver',
      url: 'https://receiver-123456789012.europe-west1.run.app',
      urls: expect.any(Array),
      serviceAccount: 'receiver@demo-project.iam.gserviceaccount.com',
      running: false,
      localUrl: cloud.localUrls.receiver,
    });
    expect(body.policies).toContainEqual({
      resource: receiver,
      bindings: [{ role: 'roles/run.invoker', members: [caller] }],
    });
    expect(body.keys.current).toBe(cloud.keys.current.kid);
  });

  it('follows what changes', async () => {
    const account = cloud.accounts.create('demo-project', 'short-lived', {
      displayName: 'Short',
      description: '',
    });
    const stateOf = async () => {
      const { body } = await call('GET /api/state');
      const accounts: { email: string; state: string }[] = body.accounts;
      return accounts.find(({ email }) => email === account.email)?.state;
    };
    expect(await stateOf()).toBe('active');
    cloud.accounts.update(account, { disabled: true });
    expect(await stateOf()).toBe('disabled');
    cloud.accounts.delete(account);
    expect(await stateOf()).toBe('deleted');
  });

  it('holds nothing secret', async () => {
    const { text } = await call('GET /api/state');
    expect(text).not.toContain(cloud.controlKey);
    expect(text).not.toMatch(/ya29|PRIVATE|eyJ/);
  });
});

describe('explain', () => {
  it.each([
    ['service:receiver', receiver],
    [receiver, receiver],
    ['project', '//cloudresourcemanager.googleapis.com/projects/demo-project'],
    ['topic:events', '//pubsub.googleapis.com/projects/demo-project/topics/events'],
    [
      'subscription:events-reader',
      '//pubsub.googleapis.com/projects/demo-project/subscriptions/events-reader',
    ],
    ...['caller', 'caller@demo-project.iam.gserviceaccount.com'].map((name) => [
      `serviceAccount:${name}`,
      '//iam.googleapis.com/projects/demo-project/serviceAccounts/caller@demo-project.iam.gserviceaccount.com',
    ]),
  ])('knows %s', async (resource, full) => {
    const question = { principal: 'anonymous', permission: 'run.routes.invoke', resource };
    const { status, body } = await call('POST /api/explain', question);
    expect([status, body.allowed, body.resource]).toEqual([200, false, full]);
  });

  it('says which binding allows it, or which command would, and records neither', async () => {
    const before = cloud.decisions.since(0).length;
    const question = { permission: 'run.routes.invoke', resource: 'service:receiver' };
    const allowed = await call('POST /api/explain', { ...question, principal: caller });
    expect(allowed.body).toMatchObject({
      allowed: true,
      grantedBy: { resource: receiver, role: 'roles/run.invoker', member: caller },
    });
    const denied = await call('POST /api/explain', {
      ...question,
      principal: 'user:Ann@Example.com',
      http: { host: 'receiver.example', path: '/' },
    });
    expect(denied.body).toMatchObject({
      principal: 'user:ann@example.com',
      allowed: false,
      closest: { kind: 'other-member', members: [caller] },
      remedy: expect.stringContaining('--member=user:ann@example.com --role=roles/run.invoker'),
    });
    expect(cloud.decisions.since(0)).toHaveLength(before);
  });

  it('lists what there is for what there is not', async () => {
    const question = { principal: caller, permission: 'run.routes.fly', resource: 'service:moon' };
    const { status, body } = await call('POST /api/explain', question);
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      {
        path: 'permission',
        detail: 'no role has the permission run.routes.fly',
        allowed: expect.arrayContaining(['run.routes.invoke', 'pubsub.topics.publish']),
      },
      {
        path: 'resource',
        detail: 'there is no service:moon',
        allowed: expect.arrayContaining(['project', 'service:receiver', 'topic:events']),
      },
    ]);
  });
});

describe('keys', () => {
  it('rotate to the one that was published before', async () => {
    const before = (await call('GET /api/state')).body.keys;
    const { status, body } = await call('POST /api/keys/rotate');
    expect(status).toBe(200);
    expect(body.current).toBe(before.published[1]);
    expect(body.published).toContain(before.current);
  });

  it('rotate abruptly to others altogether', async () => {
    const before: string[] = (await call('GET /api/state')).body.keys.published;
    const { body } = await call('POST /api/keys/rotate', { abrupt: true });
    expect(body.published.filter((kid: string) => before.includes(kid))).toEqual([]);
  });
});

describe('settings', () => {
  it('change one by one and take effect', async () => {
    const changed = await call('PUT /api/settings', { strip: 'always' });
    expect(changed.body).toMatchObject({ strip: 'always', idTokenLifetimeSeconds: 3600 });
    await call('PUT /api/settings', {
      idTokenLifetimeSeconds: 60,
      iamPropagationDelaySeconds: 1.5,
    });
    expect((await call('GET /api/settings')).body).toEqual({
      strip: 'always',
      idTokenLifetimeSeconds: 60,
      iamPropagationDelaySeconds: 1.5,
    });
    expect(cloud.frontDoor.strip).toBe('always');
    expect(cloud.idTokens.lifetimeSeconds).toBe(60);
    expect(cloud.iam.propagationDelayMs).toBe(1500);
    const reset = { strip: 'google', idTokenLifetimeSeconds: 3600, iamPropagationDelaySeconds: 0 };
    expect((await call('PUT /api/settings', reset)).body).toEqual(reset);
  });

  it('change all together or not at all', async () => {
    const before = (await call('GET /api/settings')).text;
    const { status } = await call('PUT /api/settings', {
      strip: 'always',
      idTokenLifetimeSeconds: 0,
    });
    expect(status).toBe(422);
    expect((await call('GET /api/settings')).text).toBe(before);
  });
});

describe('tokens', () => {
  it.each([caller, 'user:ann@example.com', 'serviceAccount:a-b-c-d@other.iam.gserviceaccount.com'])(
    'are lent to who has the key: %s',
    async (principal) => {
      const { status, body } = await call('POST /api/tokens', { principal }, withKey());
      expect([status, body.expiresInSeconds]).toEqual([200, expect.closeTo(3600, -1)]);
      const details = cloud.accessTokens.details(body.accessToken);
      expect(details).toMatchObject({ principal });
      const account = principal.slice(principal.indexOf(':') + 1);
      expect(details?.uniqueId).toBe(cloud.accounts.current(account)?.uniqueId);
    },
  );

  it('are for nobody else, whatever else is wrong', async () => {
    const { status, text } = await call('POST /api/tokens', { principal: 'nonsense' });
    expect(status).toBe(401);
    expect(text).not.toContain('ya29');
  });

  it('are not of accounts that cannot act', async () => {
    const create = (id: string) =>
      cloud.accounts.create('demo-project', id, { displayName: '', description: '' });
    cloud.accounts.update(create('disabled-one'), { disabled: true });
    cloud.accounts.delete(create('deleted-one'));
    const details = await Promise.all(
      ['disabled-one', 'deleted-one', 'absent-one'].map(async (id) => {
        const principal = `serviceAccount:${id}@demo-project.iam.gserviceaccount.com`;
        const { status, body } = await call('POST /api/tokens', { principal }, withKey());
        return [status, body.errors[0].detail];
      }),
    );
    expect(details).toEqual([
      [422, expect.stringMatching(/disabled-one@.* is disabled$/)],
      [422, expect.stringMatching(/deleted-one@.* was deleted$/)],
      [422, expect.stringMatching(/absent-one@.* does not exist$/)],
    ]);
  });
});

it.each<[string, unknown, string]>([
  ['POST /api/explain', {}, 'principal'],
  ['POST /api/explain', { principal: 'group:a@b.c', permission: '', resource: '' }, 'principal'],
  ['POST /api/keys/rotate', { abrupt: 'yes' }, 'abrupt'],
  ['PUT /api/settings', { idTokenLifetimeSeconds: 3601 }, 'idTokenLifetimeSeconds'],
  ['PUT /api/settings', { iamPropagationDelaySeconds: 121 }, 'iamPropagationDelaySeconds'],
  ['PUT /api/settings', { iamPropagationDelaySeconds: -1 }, 'iamPropagationDelaySeconds'],
  ['PUT /api/settings', { strip: 'never' }, 'strip'],
  ['PUT /api/settings', { colour: 'blue' }, ''],
  ['PUT /api/faults/metadata', {}, 'kind'],
  ['PUT /api/faults/metadata', { kind: 'lost-answer' }, 'kind'],
  ['PUT /api/faults/metadata', { kind: 'garbage', content: 'redirect' }, 'content'],
  ['PUT /api/faults/front-door', { kind: 'unavailable', status: 200 }, 'status'],
  ['PUT /api/faults/pubsub', { kind: 'unavailable', status: 503 }, 'status'],
  ['PUT /api/faults/pubsub', { kind: 'slow' }, 'delayMs'],
  ['PUT /api/faults/pubsub', { kind: 'slow', delayMs: 600_001 }, 'delayMs'],
  ['PUT /api/faults/pubsub', { kind: 'hang', share: 1.1 }, 'share'],
  ['PUT /api/faults/pubsub', { kind: 'hang', times: 0 }, 'times'],
  ['PUT /api/faults/pubsub', { kind: 'hang', delayMs: 1 }, ''],
  ['GET /api/decisions?since=-1', undefined, 'since'],
  ['GET /api/decisions?until=1', undefined, ''],
])('%s refuses %j and names the field', async (target, body, path) => {
  const { status, body: problem } = await call(target, body);
  expect(status).toBe(422);
  expect(problem.errors.map((error: { path: string }) => error.path)).toContain(path);
  expect(cloud.faults.active()).toEqual({});
});

it('faults come and go, one by one and together', async () => {
  const put = await call('PUT /api/faults/pubsub', { kind: 'unavailable', times: 2 });
  const pubsub = { kind: 'unavailable', status: 'UNAVAILABLE', times: 2, affected: 0 };
  expect([put.status, put.body]).toEqual([200, { pubsub }]);
  await call('PUT /api/faults/metadata', { kind: 'hang' });
  expect((await call('GET /api/faults')).body).toEqual({
    pubsub,
    metadata: { kind: 'hang', affected: 0 },
  });
  expect((await call('DELETE /api/faults/pubsub')).status).toBe(204);
  expect(Object.keys((await call('GET /api/state')).body.faults)).toEqual(['metadata']);
  expect((await call('DELETE /api/faults')).status).toBe(204);
  expect((await call('GET /api/faults')).body).toEqual({});
  expect(cloud.notices.slice(-4)).toEqual([
    'pubsub has a fault from now on: {"kind":"unavailable","status":"UNAVAILABLE","times":2}',
    'metadata has a fault from now on: {"kind":"hang"}',
    'pubsub works again',
    'all faults are gone',
  ]);
});

describe('the description', () => {
  it('names every path, and what each takes', async () => {
    const { body } = await call('GET /openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const operations = Object.entries<Record<string, { requestBody?: object }>>(body.paths).flatMap(
      ([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(operations).toEqual(
      expect.arrayContaining([
        'get /api/state',
        'get /api/decisions',
        'post /api/explain',
        'post /api/keys/rotate',
        'get /api/faults',
        'delete /api/faults',
        'put /api/faults/front-door',
        'delete /api/faults/pubsub',
        'get /api/settings',
        'put /api/settings',
        'post /api/tokens',
      ]),
    );
    expect(body.paths['/api/tokens'].post.security).toEqual([{ controlKey: [] }]);
    const settings = body.paths['/api/settings'].put.requestBody.content['application/json'];
    expect(settings.schema.properties.iamPropagationDelaySeconds).toMatchObject({ maximum: 120 });
  });

  it('gives commands that work as they stand', async () => {
    const { text } = await call('GET /');
    const commands = text.split('\n').filter((line) => line.startsWith('  curl '));
    expect(commands.length).toBeGreaterThan(10);
    const cwd = mkdtempSync(join(tmpdir(), 'control-'));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    mkdirSync(join(cwd, '.local-cloud'));
    writeFileSync(join(cwd, '.local-cloud/state.json'), JSON.stringify(stateOf(cloud)));
    const statuses = await Promise.all(
      commands.map(async (command) => {
        const shell = `${command} -o /dev/null -w '%{http_code}'`;
        return (await promisify(execFile)('sh', ['-c', shell], { cwd })).stdout;
      }),
    );
    expect([...new Set(statuses)].sort()).toEqual(['200', '204']);
    await call('PUT /api/settings', { iamPropagationDelaySeconds: 0 });
  });
});
