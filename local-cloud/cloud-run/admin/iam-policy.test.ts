import { describe, expect, it } from 'vitest';
import { startAdminApis } from '../../../tests/support/admin-apis-fixture.ts';
import type { TokenHolder } from '../../tokens/access-tokens.ts';

const path = 'projects/demo-project/locations/europe-west1/services/receiver';
const resource = `//run.googleapis.com/${path}`;
const invoker = 'roles/run.invoker';
const caller = 'serviceAccount:caller@demo-project.iam.gserviceaccount.com' as const;

describe.each(['v1', 'v2'])('the policy of a service, %s', (version) => {
  const service = `run.googleapis.com/${version}/${path}`;

  it('is read and written as gcloud does it', async () => {
    const { call, iam } = await startAdminApis();
    const read = await call(
      'GET',
      `${service}:getIamPolicy?alt=json&options.requestedPolicyVersion=3`,
    );
    expect(read).toEqual({
      status: 200,
      body: {
        version: 1,
        bindings: [{ role: invoker, members: [caller] }],
        etag: expect.stringMatching(/^[\w+/]+=*$/),
      },
    });
    const { etag } = read.body;
    const written = await call('POST', `${service}:setIamPolicy?alt=json`, {
      body: { policy: { etag, version: 3 } },
    });
    expect(written).toEqual({ status: 200, body: { version: 1, etag: expect.any(String) } });
    expect(written.body.etag).not.toBe(etag);
    expect(iam.policies.get(resource).bindings).toEqual([]);
  });

  it('knows an etag again in the URL-safe alphabet, which gcloud writes', async () => {
    const { call } = await startAdminApis();
    let urlSafe = '';
    let etag = '';
    for (let writes = 0; writes < 100 && urlSafe === etag; writes += 1) {
      const body = { policy: { bindings: [{ role: invoker, members: [caller] }] } };
      ({ etag } = (await call('POST', `${service}:setIamPolicy`, { body })).body);
      urlSafe = etag.replaceAll('+', '-').replaceAll('/', '_');
    }
    expect(urlSafe).not.toBe(etag);
    const answer = await call('POST', `${service}:setIamPolicy`, {
      body: { policy: { etag: urlSafe } },
    });
    expect(answer.status).toBe(200);
  });

  it('is not overwritten with a stale etag', async () => {
    const { call, iam } = await startAdminApis();
    const { etag } = (await call('GET', `${service}:getIamPolicy`)).body;
    iam.policies.addBinding(resource, invoker, 'user:ann@example.com');
    const before = iam.policies.get(resource);
    const answer = await call('POST', `${service}:setIamPolicy`, { body: { policy: { etag } } });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        error: {
          status: 'ABORTED',
          message:
            'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
        },
      },
    });
    expect(iam.policies.get(resource)).toEqual(before);
  });

  it('loses nothing when many write at once and try again', async () => {
    const { call, iam } = await startAdminApis();
    const members = Array.from({ length: 12 }, (_, i) => `user:writer-${i}@example.com`);
    let conflicts = 0;
    const add = async (member: string): Promise<void> => {
      const { bindings = [], etag } = (await call('GET', `${service}:getIamPolicy`)).body;
      const policy = { bindings: [...bindings, { role: invoker, members: [member] }], etag };
      const { status } = await call('POST', `${service}:setIamPolicy`, { body: { policy } });
      if (status === 409) {
        conflicts += 1;
        return add(member);
      }
      expect(status).toBe(200);
    };
    await Promise.all(members.map(add));
    const [binding] = iam.policies.get(resource).bindings;
    expect(binding?.members.toSorted()).toEqual([caller, ...members].toSorted());
    expect(conflicts).toBeGreaterThan(0);
  });

  it('is the same under the project’s number', async () => {
    const { call } = await startAdminApis();
    const byNumber = service.replace('demo-project', '123456789012');
    await call('POST', `${byNumber}:setIamPolicy`, {
      body: { policy: { bindings: [{ role: invoker, members: ['allUsers'] }] } },
    });
    const { body } = await call('GET', `${service}:getIamPolicy`);
    expect(body.bindings).toEqual([{ role: invoker, members: ['allUsers'] }]);
  });

  it.each([
    ['GET', 'getIamPolicy', 'run.services.getIamPolicy'],
    ['POST', 'setIamPolicy', 'run.services.setIamPolicy'],
  ])('%s :%s needs %s', async (method, verb, permission) => {
    const { call, iam } = await startAdminApis();
    const before = iam.policies.get(resource);
    const { status, body } = await call(method, `${service}:${verb}`, {
      as: caller,
      ...(method === 'POST' && { body: { policy: {} } }),
    });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({
      status: 'PERMISSION_DENIED',
      message: expect.stringContaining(`'${permission}' denied`),
      details: [{ reason: 'IAM_PERMISSION_DENIED', metadata: { permission, resource } }],
    });
    expect(iam.policies.get(resource)).toEqual(before);
  });

  it.each([
    ['a service that does not exist', '/services/receiver', '/services/x', 404, "Resource 'x'"],
    ['another region', 'europe-west1', 'us-east1', 404, "in region 'us-east1'"],
    ['another project', 'demo-project', 'other', 403, 'or it may not exist'],
  ])('of %s is not there', async (_, from, to, status, message) => {
    const { call } = await startAdminApis();
    const url = service.replace(from, to);
    for (const answer of [
      await call('GET', `${url}:getIamPolicy`),
      await call('POST', `${url}:setIamPolicy`, { body: { policy: {} } }),
    ]) {
      expect(answer).toMatchObject({
        status,
        body: { error: { message: expect.stringContaining(message) } },
      });
    }
  });

  it.each([
    [{}, 'policy'],
    [{ policy: { bindings: [{ role: 'roles/x', members: [caller] }] } }, 'roles/x'],
    [{ policy: { bindings: [{ role: invoker, members: ['caller'] }] } }, 'caller'],
    [{ policy: { bindigns: [] } }, 'bindigns'],
    [{ policy: { etag: 'x' } }, 'policy.etag'],
    [{ policy: {}, updateMask: 'etag,version' }, 'must name bindings'],
  ])('refuses %j', async (body, message) => {
    const { call } = await startAdminApis();
    const answer = await call('POST', `${service}:setIamPolicy`, { body });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining(message) } },
    });
  });

  it('tests no more than a hundred permissions at once', async () => {
    const { call } = await startAdminApis();
    const body = { permissions: Array.from({ length: 101 }, () => 'run.routes.invoke') };
    expect((await call('POST', `${service}:testIamPermissions`, { body })).status).toBe(400);
  });

  it('tells which permissions the caller has', async () => {
    const { call } = await startAdminApis();
    const body = { permissions: ['run.routes.invoke', 'run.services.setIamPolicy'] };
    const ask = async (as: TokenHolder) =>
      (await call('POST', `${service}:testIamPermissions`, { as, body })).body;
    expect(await ask('user:developer@example.com')).toEqual({
      permissions: ['run.services.setIamPolicy'],
    });
    expect(await ask(caller)).toEqual({ permissions: ['run.routes.invoke'] });
    expect(await ask('user:nobody@example.com')).toEqual({});
  });
});
