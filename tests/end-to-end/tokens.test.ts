import { expect, it } from 'vitest';
import { postMessage, useTestCloud } from '../support/cloud.ts';

const statuses = (answers: { status: number }[]) => [
  ...new Set(answers.map(({ status }) => status)),
];
const hundred = <T>(make: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: 100 }, (_, i) => make(i)));

/** After a failure nobody asks again for a second. */
const recovery = { timeout: 10_000, interval: 100 };

it('a hundred concurrent cold requests cost one ID token and one certificate fetch', async () => {
  const cloud = await useTestCloud();
  expect(statuses(await hundred(() => postMessage(cloud)))).toEqual([201]);
  expect(cloud.metadataServerOf('caller').counts.idToken).toBe(1);
  expect(cloud.certificates.fetches).toBe(1);
});

it('a rotation of the keys refuses no request', async () => {
  const cloud = await useTestCloud();
  expect((await postMessage(cloud)).status).toBe(201);
  await cloud.keys.rotate();
  expect(statuses(await hundred(() => postMessage(cloud)))).toEqual([201]);
  // A new token, signed with the key that was published ahead: no certificate has to be fetched.
  cloud.clock.advanceBy(3_590_000);
  expect((await postMessage(cloud)).status).toBe(201);
});

it('even one that withdraws every key at once refuses no request', async () => {
  const cloud = await useTestCloud();
  expect((await postMessage(cloud)).status).toBe(201);
  await cloud.keys.rotate({ abrupt: true });
  expect(statuses(await hundred(() => postMessage(cloud)))).toEqual([201]);
  expect(cloud.certificates.fetches).toBe(2);
});

it('certificates that cannot be had are an outage, not a refusal, and it passes', async () => {
  const cloud = await useTestCloud({ startServices: false });
  cloud.faults.certificates = (_request, response) => {
    response.writeHead(503).end();
    return true;
  };
  await cloud.startServices();
  const down = await postMessage(cloud);
  expect([down.status, down.body.code]).toEqual([503, 'receiver_unavailable']);
  expect(down.body.upstream).toMatchObject({ status: 503, code: 'certificates_unavailable' });
  expect(down.headers.get('retry-after')).toBe('1');

  cloud.faults.certificates = () => false;
  await expect.poll(async () => (await postMessage(cloud)).status, recovery).toBe(201);
});

it('without a metadata server the caller says so, and recovers', async () => {
  const cloud = await useTestCloud({ startServices: false });
  cloud.faults.metadata = (_request, response) => {
    response.writeHead(404, { 'metadata-flavor': 'Google' }).end();
    return true;
  };
  await cloud.startServices();
  const down = await postMessage(cloud);
  expect([down.status, down.body.code]).toEqual([503, 'id_token_unavailable']);

  cloud.faults.metadata = () => false;
  await expect.poll(async () => (await postMessage(cloud)).status, recovery).toBe(201);
});

it('no token is in any log line or answer, whatever goes wrong', async () => {
  const cloud = await useTestCloud();
  const answers = [
    await postMessage(cloud),
    await postMessage(cloud, { text: '' }),
    await postMessage(cloud, { text: 'a' }, { authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.x' }),
  ];
  const token = await cloud.idTokens.forUser({
    email: 'eve@example.com',
    uniqueId: '1'.repeat(21),
  });
  const receiver = `${cloud.localUrls.receiver}/identity`;
  const direct = `http://127.0.0.1:${cloud.services.portOf('receiver')}`;
  for (const [url, headers] of [
    [receiver, { 'x-serverless-authorization': `Bearer ${token}` }],
    [`${direct}/identity`, { authorization: `Bearer ${token}` }],
    [`${direct}/${token}`, { 'user-agent': token }],
    [`${direct}/identity?token=${token}`, {}],
  ] as const) {
    const response = await fetch(url, { headers });
    answers.push({ ...answers[0], text: await response.text(), status: response.status } as never);
  }
  for (const { resource, role, member } of cloud.topology.bindings) {
    cloud.iam.policies.removeBinding(resource, role, member);
    answers.push(await postMessage(cloud));
    cloud.iam.policies.addBinding(resource, role, member);
  }
  await cloud.stop();
  expect(statuses(answers).sort()).toEqual([201, 401, 403, 404, 422, 502]);
  expect(cloud.lines.length).toBeGreaterThan(10);
  const everything = [...cloud.lines, ...cloud.notices, ...answers.map(({ text }) => text)];
  const reasons = cloud.decisions.since(0).map((event) => JSON.stringify(event));
  for (const line of [...everything, ...reasons]) expect(line).not.toMatch(/eyJ[\w-]{10}|ya29\./);
});
