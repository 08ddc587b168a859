import { decodeJwt } from 'jose';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { openSocket, readUntil } from '../../tests/support/network.ts';
import { AdjustableClock } from '../clock.ts';
import { PolicyStore } from '../iam/policy-store.ts';
import { ServiceAccounts } from '../iam/service-accounts.ts';
import { AccessTokens } from '../tokens/access-tokens.ts';
import { IdTokens } from '../tokens/id-tokens.ts';
import { SigningKeys } from '../tokens/signing-keys.ts';
import { type MetadataServerOptions, startMetadataServer } from './start-metadata-server.ts';

const email = 'caller@demo-project.iam.gserviceaccount.com';
const accountsPath = '/computeMetadata/v1/instance/service-accounts';
const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform';
let services: Pick<MetadataServerOptions, 'keys' | 'idTokens'> & {
  clock: AdjustableClock;
  accessTokens: AccessTokens;
  accounts: ServiceAccounts;
};

beforeAll(async () => {
  const clock = new AdjustableClock();
  const keys = await SigningKeys.create(clock);
  const idTokens = new IdTokens({ keys, clock });
  const accounts = new ServiceAccounts({ clock, policies: new PolicyStore({ clock }) });
  accounts.seed('demo-project', email);
  services = { clock, keys, idTokens, accounts, accessTokens: new AccessTokens(clock) };
});

async function start(options: Partial<MetadataServerOptions> = {}) {
  const server = await startMetadataServer({
    email,
    project: { id: 'demo-project', number: '123456789012' },
    region: 'europe-west1',
    ...services,
    ...options,
  });
  onTestFinished(() => server.stop());
  /** The request target goes out as it is: clients do not encode the audience. */
  const get = async (
    target: string,
    headers = 'Metadata-Flavor: Google\r\n',
    method = 'GET',
    host = server.host,
  ) => {
    const socket = openSocket(Number(server.host.split(':')[1]));
    socket.write(
      `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}Connection: close\r\n\r\n`,
    );
    const answer = await readUntil(socket, () => false);
    const end = answer.indexOf('\r\n\r\n');
    return {
      status: Number(answer.slice(9, 12)),
      type: /content-type: (.*)\r/i.exec(answer)?.[1],
      head: answer.slice(0, end).toLowerCase(),
      body: answer.slice(end + 4),
    };
  };
  return { ...server, get };
}

const v1 = '/computeMetadata/v1';

test.each([
  ['/', 'computeMetadata/\n'],
  ['/computeMetadata/v1/', 'instance/\nproject/\nuniverse/\n'],
  [`${v1}/instance`, 'id\nregion\nservice-accounts/\nzone\n'],
  [`${v1}/project/project-id`, 'demo-project'],
  [`${v1}/project/numeric-project-id`, '123456789012'],
  [`${v1}/instance/region`, 'projects/123456789012/regions/europe-west1'],
  [`${v1}/instance/zone`, 'projects/123456789012/zones/europe-west1-1'],
  [`${v1}/universe/universe-domain`, 'googleapis.com'],
  [`${accountsPath}/`, `default/\n${email}/\n`],
  [`${accountsPath}/default/`, 'aliases\nemail\nscopes\n'],
  [`${accountsPath}/default/email`, email],
  [`${accountsPath}/${email}/email`, email],
  [`${accountsPath}/caller%40demo-project.iam.gserviceaccount.com/email`, email],
  [`${accountsPath}/default/aliases`, 'default\n'],
  [`${accountsPath}/default/scopes`, `${cloudPlatform}\n`],
  [
    `${accountsPath}/default/?recursive=true&alt=text`,
    `aliases default\nemail ${email}\nscopes ${cloudPlatform}\n`,
  ],
])('%s is text', async (path, body) => {
  const answer = await (await start()).get(path);
  expect(answer).toMatchObject({ status: 200, type: 'application/text', body });
  expect(answer.head).toContain('metadata-flavor: google');
  expect(answer.head).toContain('server: metadata server for serverless');
});

test.each([
  [
    `${accountsPath}/${email}/?recursive=true`,
    { aliases: ['default'], email, scopes: [cloudPlatform] },
  ],
  [`${v1}/project/?recursive=true`, { numericProjectId: 123456789012, projectId: 'demo-project' }],
  [`${v1}/project/project-id?alt=json`, 'demo-project'],
  [`${accountsPath}/?alt=json`, ['default/', `${email}/`]],
])('%s is JSON', async (path, value) => {
  const answer = await (await start()).get(path);
  expect(answer).toMatchObject({ status: 200, type: 'application/json' });
  expect(JSON.parse(answer.body)).toEqual(value);
});

test('the instance id is long, hexadecimal, and stays', async () => {
  const { get } = await start();
  const { body } = await get(`${v1}/instance/id`);
  expect(body).toMatch(/^00[0-9a-f]{126}$/);
  expect((await get(`${v1}/instance/id`)).body).toBe(body);
});

const google = 'Metadata-Flavor: Google\r\n';
test.each([
  ['no flavor', `${accountsPath}/default/email`, '', 'GET', 403],
  ['no flavor at the root', '/', '', 'GET', 403],
  ['another flavor', '/', 'Metadata-Flavor: google\r\n', 'GET', 403],
  ['a forwarded request', '/', `${google}X-Forwarded-For: 10.0.0.1\r\n`, 'GET', 403],
  ['POST', `${accountsPath}/default/token`, google, 'POST', 405],
  ['HEAD', '/', google, 'HEAD', 405],
  [
    'another account',
    `${accountsPath}/receiver@demo-project.iam.gserviceaccount.com/token`,
    google,
    'GET',
    404,
  ],
  [
    'the identity of another account',
    `${accountsPath}/receiver@x/identity?audience=a`,
    google,
    'GET',
    404,
  ],
  ['an unknown path', `${v1}/instance/attributes/`, google, 'GET', 404],
  ['a property of objects', `${v1}/constructor`, google, 'GET', 404],
  ['another version', '/computeMetadata/v1beta1/', google, 'GET', 404],
  ['an unknown format', `${accountsPath}/default/identity?audience=a&format=x`, google, 'GET', 400],
])('%s is refused', async (_, path, headers, method, status) => {
  const answer = await (await start()).get(path, headers, method);
  expect(answer.status).toBe(status);
  expect(answer.head).toContain('metadata-flavor: google');
});

test.each(['', '?audience=', '?format=full'])('identity%s needs an audience', async (query) => {
  const answer = await (await start()).get(`${accountsPath}/default/identity${query}`);
  expect(answer).toMatchObject({ status: 400, body: 'non-empty audience parameter required' });
});

const receiver = 'https://receiver-x.run.app';
test.each([
  [`format=full&audience=${receiver}`, receiver, true],
  [`audience=${receiver}&format=standard&licenses=FALSE`, receiver, false],
  [`audience=${receiver}`, receiver, false],
  [`audience=${receiver}/a?b=c&d=e&format=full&licenses=FALSE`, `${receiver}/a?b=c`, true],
  [
    `audience=${encodeURIComponent(`${receiver}/a?b=c&d=e`)}&format=full`,
    `${receiver}/a?b=c&d=e`,
    true,
  ],
])('identity?%s', async (query, audience, withEmail) => {
  const answer = await (await start()).get(`${accountsPath}/default/identity?${query}`);
  expect(answer).toMatchObject({ status: 200, type: 'application/text' });
  const { aud, email: named } = decodeJwt(answer.body);
  expect([aud, named]).toEqual([audience, withEmail ? email : undefined]);
});

test('an access token is cached until five minutes remain, and counts down', async () => {
  const { get, counts } = await start();
  const ask = async (query = '') =>
    JSON.parse((await get(`${accountsPath}/default/token${query}`)).body) as {
      access_token: string;
      expires_in: number;
      token_type: string;
    };
  const first = await ask();
  expect(services.accessTokens.details(first.access_token)?.principal).toBe(
    `serviceAccount:${email}`,
  );
  expect(first.token_type).toBe('Bearer');
  expect((await ask('?scopes=a,b')).access_token).not.toBe(first.access_token);
  services.clock.advanceBy(3_000_000);
  const later = await ask();
  expect(later.access_token).toBe(first.access_token);
  expect(first.expires_in - later.expires_in).toBeGreaterThanOrEqual(3_000);
  services.clock.advanceBy(300_000);
  const renewed = await ask();
  expect(renewed.access_token).not.toBe(first.access_token);
  expect(counts).toMatchObject({ accessToken: 4, idToken: 0, requests: 4 });
});

test('an ID token is cached per audience, until five minutes remain or its key is gone', async () => {
  const { get, counts } = await start();
  const ask = async (audience: string) =>
    (await get(`${accountsPath}/default/identity?audience=${audience}&format=full`)).body;
  const first = await ask('a');
  expect(await ask('a')).toBe(first);
  expect(await ask('b')).not.toBe(first);
  services.clock.advanceBy(3_301_000);
  const renewed = await ask('a');
  expect(renewed).not.toBe(first);
  await services.keys.rotate({ abrupt: true });
  expect(await ask('a')).not.toBe(renewed);
  expect(counts.idToken).toBe(5);
});

test('faults come before the answer and are counted', async () => {
  const { get, counts } = await start({
    before: (_, response) => {
      response.writeHead(500, { 'content-length': 6 }).end('broken');
      return true;
    },
  });
  expect(await get(`${accountsPath}/default/token`)).toMatchObject({ status: 500, body: 'broken' });
  expect(counts.accessToken).toBe(1);
});

test('stop cuts a hanging request and frees the port', async () => {
  const server = await start({ before: () => true });
  const hanging = server.get('/');
  await expect.poll(() => server.counts.requests).toBe(1);
  await server.stop();
  expect((await hanging).body).toBe('');
  const again = await start({ port: Number(server.host.split(':')[1]) });
  expect(again.host).toBe(server.host);
});

test('a disabled or deleted account has no tokens, and has them again when it is back', async () => {
  const notices: string[] = [];
  const { get } = await start({ notify: (sentence) => notices.push(sentence) });
  const { accounts } = services;
  const account = accounts.current(email);
  if (!account) throw new Error('the account is gone');
  const statuses = async () => [
    (await get(`${accountsPath}/default/token`)).status,
    (await get(`${accountsPath}/default/identity?audience=a`)).status,
    (await get(`${accountsPath}/default/email`)).status,
  ];
  expect(await statuses()).toEqual([200, 200, 200]);
  accounts.update(account, { disabled: true });
  expect(await statuses()).toEqual([403, 403, 200]);
  accounts.update(account, { disabled: false });
  expect(await statuses()).toEqual([200, 200, 200]);
  accounts.delete(account);
  expect(await statuses()).toEqual([403, 403, 200]);
  expect(notices).toHaveLength(4);
  expect(notices[0]).toContain(`no tokens of ${email}: the account is disabled or deleted`);
  accounts.undelete(account.uniqueId);
  expect(await statuses()).toEqual([200, 200, 200]);
});

test('a service whose account was deleted and made again is the new account', async () => {
  const { get } = await start();
  const { accounts } = services;
  const sub = async () =>
    decodeJwt((await get(`${accountsPath}/default/identity?audience=a`)).body).sub;
  const first = accounts.current(email);
  if (!first) throw new Error('the account is gone');
  expect(await sub()).toBe(first.uniqueId);
  accounts.delete(first);
  const second = accounts.create('demo-project', 'caller', { displayName: '', description: '' });
  expect(await sub()).toBe(second.uniqueId);
});

test.each([
  ['DNS rebinding', (port: string) => `evil.example:${port}`, ''],
  ['another port', () => '127.0.0.1:1', ''],
  [
    'a cross-site request',
    (port: string) => `127.0.0.1:${port}`,
    'Origin: https://evil.example\r\n',
  ],
  ['a navigation', (port: string) => `127.0.0.1:${port}`, 'Sec-Fetch-Site: cross-site\r\n'],
])('a web page gets no token: %s', async (_what, hostOf, header) => {
  const { get, host } = await start();
  const [, port = ''] = host.split(':');
  const google = 'Metadata-Flavor: Google\r\n';
  const answer = await get(`${accountsPath}/default/token`, google + header, 'GET', hostOf(port));
  expect([answer.status, answer.body]).toEqual([
    403,
    'Requests that a web page makes are refused.',
  ]);
  expect((await get(`${accountsPath}/default/token`)).status).toBe(200);
});
