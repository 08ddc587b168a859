import { expect, it } from 'vitest';
import { serviceResource } from '../../local-cloud/iam/resource-names.ts';
import { postMessage, type TestCloud, useTestCloud } from '../support/cloud.ts';
import { runNode } from '../support/network.ts';

const caller = 'caller@demo-project.iam.gserviceaccount.com';
const receiver = 'receiver@demo-project.iam.gserviceaccount.com';
const iam = 'https://iam.googleapis.com/v1/projects/demo-project/serviceAccounts';
const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform';

/** After a failure nobody asks again for a second. */
const recovery = { timeout: 10_000, interval: 100 };

function accountOf(cloud: TestCloud, email: string) {
  const account = cloud.accounts.current(email);
  if (!account) throw new Error(`${email} is gone`);
  return account;
}

/** Runs a program as the developer, which prints JSON. */
async function asDeveloper(cloud: TestCloud, script: string) {
  const { code, stdout, stderr } = await runNode(script, cloud.developerEnvironment);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

it('a disabled caller gets no token: 503 until it is enabled again', async () => {
  const cloud = await useTestCloud({ startServices: false });
  cloud.accounts.update(accountOf(cloud, caller), { disabled: true });
  await cloud.startServices();
  const down = await postMessage(cloud);
  expect([down.status, down.body.code]).toEqual([503, 'id_token_unavailable']);
  expect(down.headers.get('retry-after')).toBe('1');
  expect(cloud.notices).toContainEqual(expect.stringContaining(`no tokens of ${caller}`));
  cloud.accounts.update(accountOf(cloud, caller), { disabled: false });
  await expect.poll(async () => (await postMessage(cloud)).status, recovery).toBe(201);
});

it('a disabled receiver gets no token: 503 until it is enabled again', async () => {
  const cloud = await useTestCloud({ startServices: false });
  cloud.accounts.update(accountOf(cloud, receiver), { disabled: true });
  await cloud.startServices();
  const down = await postMessage(cloud);
  expect([down.status, down.body.upstream.status]).toEqual([503, 503]);
  expect(down.headers.get('retry-after')).toBe('1');
  cloud.accounts.update(accountOf(cloud, receiver), { disabled: false });
  await expect.poll(async () => (await postMessage(cloud)).status, recovery).toBe(201);
});

it('tokens that were fetched before end with the account, and count again with it', async () => {
  const cloud = await useTestCloud();
  expect((await postMessage(cloud)).status).toBe(201);
  const { uniqueId } = accountOf(cloud, caller);
  cloud.accounts.delete(accountOf(cloud, caller));
  expect(await postMessage(cloud)).toMatchObject({
    status: 502,
    body: { code: 'receiver_refused', upstream: { status: 403 } },
  });
  expect(cloud.decisions.since(0).at(-1)?.decision).toMatchObject({
    principal: `serviceAccount:${caller}`,
    closest: { kind: 'account', state: 'deleted' },
  });
  cloud.accounts.undelete(uniqueId);
  expect((await postMessage(cloud)).status).toBe(201);

  cloud.accounts.update(accountOf(cloud, receiver), { disabled: true });
  expect(await postMessage(cloud)).toMatchObject({
    status: 503,
    body: { upstream: { status: 503, code: 'pubsub_unavailable' } },
  });
  cloud.accounts.update(accountOf(cloud, receiver), { disabled: false });
  expect((await postMessage(cloud)).status).toBe(201);
});

it('a key file serves Google’s clients: both kinds of token, and Pub/Sub', async () => {
  const cloud = await useTestCloud({ startServices: false });
  const topic = '//pubsub.googleapis.com/projects/demo-project/topics/events';
  cloud.iam.policies.addBinding(topic, 'roles/pubsub.publisher', `serviceAccount:${caller}`);
  const answer = await asDeveloper(
    cloud,
    `
    import { GoogleAuth, JWT } from 'google-auth-library';
    import { PubSub } from '@google-cloud/pubsub';
    const developer = new GoogleAuth({ scopes: '${cloudPlatform}' });
    const { data } = await developer.request({ url: '${iam}/${caller}/keys', method: 'POST' });
    const credentials = JSON.parse(Buffer.from(data.privateKeyData, 'base64'));
    const { client_email: email, private_key: key, private_key_id: keyId } = credentials;
    const { token } = await new JWT({ email, key, keyId, scopes: '${cloudPlatform}' }).getAccessToken();
    const idToken = await new JWT({ email, key, keyId }).fetchIdToken('https://x');
    const pubsub = new PubSub({ credentials, projectId: 'demo-project' });
    const messageId = await pubsub.topic('events').publishMessage({ data: Buffer.from('hello') });
    await pubsub.close();
    console.log(JSON.stringify({ token, idToken, messageId }));`,
  );
  expect(cloud.accessTokens.details(answer.token)?.principal).toBe(`serviceAccount:${caller}`);
  expect(answer.idToken).toMatch(/^eyJ/);
  expect(answer.messageId).toMatch(/^\d+$/);
  expect(cloud.decisions.since(0).at(-1)).toMatchObject({
    action: 'Publish',
    decision: { principal: `serviceAccount:${caller}`, allowed: true },
  });
});

it('an account that is made later is impersonated, and gets into the receiver', async () => {
  const cloud = await useTestCloud();
  const invoker = 'watcher@demo-project.iam.gserviceaccount.com';
  cloud.accounts.create('demo-project', 'watcher', { displayName: '', description: '' });
  const { policies } = cloud.iam;
  const service = serviceResource('demo-project', 'europe-west1', 'receiver');
  policies.addBinding(service, 'roles/run.invoker', `serviceAccount:${invoker}`);
  const impersonate = () =>
    asDeveloper(
      cloud,
      `
      import { GoogleAuth, Impersonated } from 'google-auth-library';
      const sourceClient = await new GoogleAuth({ scopes: '${cloudPlatform}' }).getClient();
      const watcher = new Impersonated({ sourceClient, targetPrincipal: '${invoker}', targetScopes: [] });
      const url = process.env.RECEIVER_URL;
      const token = await watcher.fetchIdToken(url, { includeEmail: true }).catch(({ status }) => status);
      const headers = { 'x-serverless-authorization': 'Bearer ' + token };
      const response = await fetch(url + '/health/live', { headers });
      console.log(JSON.stringify(typeof token === 'number' ? token : response.status));`,
    );
  expect(await impersonate()).toBe(403);
  const account = `//iam.googleapis.com/projects/demo-project/serviceAccounts/${invoker}`;
  policies.addBinding(account, 'roles/iam.serviceAccountTokenCreator', cloud.topology.deployer);
  expect(await impersonate()).toBe(200);
});
