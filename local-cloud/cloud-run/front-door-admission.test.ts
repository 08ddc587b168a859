import { describe, expect, it } from 'vitest';
import {
  callerEmail,
  customAudience,
  Fixture,
  host,
  legacyHost,
  resource,
  token,
} from '../../tests/support/front-door-fixture.ts';
import { gcloudClientId } from '../tokens/id-tokens.ts';

const ann = 'user:ann@example.com';
const annsToken = (aud: string) => token({ email: 'ann@example.com', sub: '1', aud });
const accepts = `receiver accepts only "https://${host}" or "https://${legacyHost}" or "${customAudience}"`;

describe('tokens that let a request in', () => {
  it.each<[title: string, lines: string[]]>([
    ['Authorization', [`Authorization: Bearer ${token()}`]],
    ['X-Serverless-Authorization', [`X-Serverless-Authorization: Bearer ${token()}`]],
    ['scheme in any case', [`authorization: bEARER ${token()}`]],
    ['legacy URL', [`Authorization: Bearer ${token({ aud: `https://${legacyHost}` })}`]],
    ['custom audience', [`Authorization: Bearer ${token({ aud: customAudience })}`]],
    ['no e-mail, known sub', [`Authorization: Bearer ${token({ email: undefined })}`]],
    ['a person, service URL', [`Authorization: Bearer ${annsToken(`https://${host}`)}`]],
    ['a person, gcloud', [`Authorization: Bearer ${annsToken(gcloudClientId)}`]],
    [
      'X-Serverless-Authorization is the only one checked',
      [`X-Serverless-Authorization: Bearer ${token()}`, 'Authorization: Basic eA=='],
    ],
  ])('%s', async (_title, lines) => {
    await using fixture = await Fixture.start();
    fixture.iam.policies.addBinding(resource, 'roles/run.invoker', ann);
    expect(await fixture.get(lines)).toMatchObject({ status: 200, body: 'ok' });
    expect(fixture.seen).toHaveLength(1);
  });
});

describe('refusals', () => {
  it.each<[title: string, status: number, lines: string[], reason: string | RegExp]>([
    ['no token', 403, [], /^the request carries no token and receiver is not public: send an ID/],
    [
      'no run.routes.invoke',
      403,
      [`Authorization: Bearer ${annsToken(`https://${host}`)}`],
      `${ann} has no role with run.routes.invoke on receiver; roles/run.invoker on receiver is bound to serviceAccount:${callerEmail} only`,
    ],
    [
      'expired',
      401,
      [`Authorization: Bearer ${token({}, 'old')}`],
      'the token in Authorization is not valid: it has expired; fetch a new one',
    ],
    [
      'the signature is gone',
      401,
      [`Authorization: Bearer ${token({}, 'SIGNATURE_REMOVED_BY_GOOGLE')}`],
      /is not valid: its signature was removed by Google, so it was made for another call/,
    ],
    [
      'wrong audience',
      401,
      [`Authorization: Bearer ${token({ aud: `https://${host}/` })}`],
      `the token in Authorization was made for the audience "https://${host}/", but ${accepts}`,
    ],
    [
      'gcloud audience, service account',
      401,
      [`Authorization: Bearer ${token({ aud: gcloudClientId })}`],
      `the token in Authorization was made for the audience "${gcloudClientId}", but ${accepts}`,
    ],
    [
      'access token',
      401,
      ['Authorization: Bearer ya29.opaque'],
      'the Authorization header does not hold an ID token but something else, perhaps an access token: Cloud Run wants an ID token made for the URL of the service',
    ],
    ['four parts', 401, ['Authorization: Bearer a.b.c.d'], /does not hold an ID token/],
    ['Basic', 401, ['Authorization: Basic eA=='], /does not use the Bearer scheme/],
    ['empty', 401, ['Authorization:'], /does not use the Bearer scheme/],
    ['Bearer only', 401, ['Authorization: Bearer'], /has no token after Bearer/],
    [
      'several headers',
      401,
      [`Authorization: Bearer ${token()}`, `Authorization: Bearer ${token()}`],
      'the Authorization header was sent several times',
    ],
    [
      'several headers beside a good X-Serverless-Authorization',
      401,
      [
        `X-Serverless-Authorization: Bearer ${token()}`,
        'Authorization: Basic eA==',
        'Authorization: Basic eA==',
      ],
      'the Authorization header was sent several times',
    ],
    [
      'several tokens in one',
      401,
      [`Authorization: Bearer ${token()}, Bearer ${token()}`],
      'the Authorization header holds more than one token',
    ],
    [
      'several X-Serverless-Authorization',
      401,
      [`X-Serverless-Authorization: Bearer ${token()}`, 'X-Serverless-Authorization: x'],
      'the X-Serverless-Authorization header was sent several times',
    ],
    [
      'bad X-Serverless-Authorization beside a good Authorization',
      401,
      [`X-Serverless-Authorization: Bearer ${token({}, 'x')}`, `Authorization: Bearer ${token()}`],
      'the token in X-Serverless-Authorization is not valid: it has expired; fetch a new one',
    ],
    [
      'nobody',
      401,
      [`Authorization: Bearer ${token({ email: undefined, sub: '2' })}`],
      'the token in Authorization names no e-mail address, and no service account has its sub',
    ],
    [
      'unverified e-mail',
      401,
      [`Authorization: Bearer ${token({ email: 'ann@example.com', email_verified: false })}`],
      'the token in Authorization is of ann@example.com, an e-mail address that is not verified',
    ],
  ])('%s: %i', async (_title, status, lines, reason) => {
    await using fixture = await Fixture.start();
    const answer = await fixture.get(lines, '/a?b=<c>');
    expect(answer.status).toBe(status);
    expect(fixture.seen).toEqual([]);
    expect(fixture.reasons()).toEqual([
      typeof reason === 'string' ? reason : expect.stringMatching(reason),
    ]);
    expect(fixture.iam.decisions.since(0)[0]?.action).toBe('GET /a');
    expect(answer.headers['www-authenticate']).toBe(
      status === 401
        ? 'Bearer error="invalid_token" error_description="The access token could not be verified"'
        : undefined,
    );
    const everything = JSON.stringify([fixture.iam.decisions.since(0), fixture.notices, answer]);
    expect(everything).not.toContain(token().split('.')[1]);
    expect(everything).not.toContain('ya29');
  });

  it('names whose token it is when only the audience is wrong', async () => {
    await using fixture = await Fixture.start();
    await fixture.get([`Authorization: Bearer ${token({ aud: 'x' })}`]);
    await fixture.get([`Authorization: Bearer ${token({ aud: 'x' }, 'forged')}`]);
    expect(fixture.iam.decisions.since(0).map(({ decision }) => decision.principal)).toEqual([
      `serviceAccount:${callerEmail}`,
      'anonymous',
    ]);
  });

  it('sends the pages of Google, byte for byte', async () => {
    await using fixture = await Fixture.start();
    const forbidden = await fixture.get([], '/messages?x=1');
    expect(forbidden.headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(forbidden.body).toBe(
      [
        '<html><head>',
        '<meta http-equiv="content-type" content="text/html;charset=utf-8">',
        '<title>403 Forbidden</title>',
        '</head>',
        '<body text=#000000 bgcolor=#ffffff>',
        '<h1>Error: Forbidden</h1>',
        '<h2>Your client does not have permission to get URL <code>/messages</code> from this server.</h2>',
        '<h2></h2>',
        '</body></html>',
      ].join('\n'),
    );
    const unauthorized = await fixture.get(['Authorization: x'], `/<script>'"&`);
    expect(unauthorized.body).toContain('<title>401 Unauthorized</title>');
    expect(unauthorized.body).toContain(
      '<h2>Your client does not have permission to the requested URL <code>/&lt;script&gt;&#39;&quot;&amp;</code>.</h2>',
    );
  });
});

describe('public services', () => {
  it.each<[title: string, lines: string[]]>([
    ['no token', []],
    ['a token of somebody else', ['Authorization: Bearer x.y.z']],
    ['Basic', ['Authorization: Basic eA==']],
    ['several headers', ['Authorization: Bearer x.y.z', 'Authorization: Basic eA==']],
    ['a token of a stranger', [`Authorization: Bearer ${annsToken(`https://${host}`)}`]],
  ])('let through: %s', async (_title, lines) => {
    await using fixture = await Fixture.start();
    fixture.iam.policies.addBinding(resource, 'roles/run.invoker', 'allUsers');
    expect((await fixture.get(lines)).status).toBe(200);
    expect(fixture.seen[0]?.headers.authorization ?? []).toEqual(
      lines.map((line) => line.slice('Authorization: '.length)),
    );
    expect(fixture.reasons()).toEqual(['roles/run.invoker on receiver is bound to allUsers']);
  });
});

describe('before any service is asked', () => {
  it.each<[title: string, status: number, head: string[], notice: string[]]>([
    [
      'unknown service',
      404,
      ['GET / HTTP/1.1', 'Host: nobody-1.europe-west1.run.app'],
      ['There is no Cloud Run service at nobody-1.europe-west1.run.app.'],
    ],
    [
      '/healthz',
      404,
      ['GET /healthz HTTP/1.1', `Host: ${host}`],
      ['Google keeps the path /healthz for itself: receiver never sees it.'],
    ],
    [
      '/_ah/x',
      404,
      ['GET /_ah/x?y HTTP/1.1', `Host: ${host}`],
      ['Google keeps the path /_ah/x for itself: receiver never sees it.'],
    ],
    ['TRACE', 405, ['TRACE / HTTP/1.1', `Host: ${host}`], []],
  ])('%s: %i', async (_title, status, head, notices) => {
    await using fixture = await Fixture.start();
    const answer = await fixture.raw([...head, `Authorization: Bearer ${token()}`]);
    expect(answer.status).toBe(status);
    expect(fixture.seen).toEqual([]);
    expect(fixture.notices).toEqual(notices);
  });

  it.each([
    `Host: ${host}:443`,
    `Host: ${host.toUpperCase()}`,
    `Host: ${host}.`,
    `Host: ${legacyHost}`,
  ])('finds the service by %s', async (line) => {
    await using fixture = await Fixture.start();
    const head = ['GET / HTTP/1.1', line, `Authorization: Bearer ${token()}`];
    expect((await fixture.raw(head)).status).toBe(200);
  });

  it('takes the absolute form of a proxy client', async () => {
    await using fixture = await Fixture.start();
    const head = [
      `GET http://${host}/a?b HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${token()}`,
    ];
    expect((await fixture.raw(head)).status).toBe(200);
    expect(fixture.seen[0]?.url).toBe('/a?b');
  });

  it('answers 500, without a word of the fault, when a token cannot be checked', async () => {
    await using fixture = await Fixture.start();
    const answer = await fixture.get([`Authorization: Bearer ${token({}, 'broken')}`]);
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('certificates');
    expect(fixture.notices).toEqual(["Cloud Run's front door failed: certificates are gone"]);
  });
});
