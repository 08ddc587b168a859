import { describe, expect, it } from 'vitest';
import { Fixture, host, resource, token } from '../../tests/support/front-door-fixture.ts';
import { gcloudClientId } from '../tokens/id-tokens.ts';
import { type DeveloperProxy, startDeveloperProxy } from './developer-proxy.ts';

const developersToken = token({ email: 'developer@example.com', sub: '1', aud: gcloudClientId });

async function withProxy(
  fixture: Fixture,
  test: (proxy: DeveloperProxy) => Promise<void>,
  identityToken = async () => developersToken,
): Promise<void> {
  const { frontDoor } = fixture;
  const proxy = await startDeveloperProxy({
    frontDoor,
    serviceUrl: `https://${host}`,
    identityToken,
    port: 0,
  });
  try {
    await test(proxy);
  } finally {
    await proxy.close();
  }
}

const invoker = ['roles/run.invoker', 'user:developer@example.com'] as const;

describe('the developer proxy', () => {
  it('calls as the developer, whatever Authorization the client sends', async () => {
    await using fixture = await Fixture.start();
    fixture.iam.policies.addBinding(resource, ...invoker);
    await withProxy(fixture, async ({ port }) => {
      const head = [
        'POST /messages?x=1 HTTP/1.1',
        `Host: localhost:${port}`,
        'Authorization: Bearer mine',
        'User-Agent: curl/8',
        'Content-Length: 2',
      ];
      expect((await fixture.raw(head, 'hi', port)).status).toBe(200);
    });
    const [seen] = fixture.seen;
    const unsigned = developersToken.replace(/\.genuine$/, '.SIGNATURE_REMOVED_BY_GOOGLE');
    expect(seen).toMatchObject({ method: 'POST', url: '/messages?x=1', body: 'hi' });
    expect(seen?.headers).toMatchObject({
      host: [host],
      authorization: [`Bearer ${unsigned}`],
      'user-agent': ['cloud-run-proxy/0.1.0 (local-cloud) curl/8'],
    });
    expect(fixture.reasons()).toEqual([
      'roles/run.invoker on receiver is bound to user:developer@example.com',
    ]);
  });

  it('is refused by the front door like everybody else', async () => {
    await using fixture = await Fixture.start();
    await withProxy(fixture, async ({ url }) => {
      const response = await fetch(`${url}/messages`, { method: 'POST', body: '{}' });
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('<h1>Error: Forbidden</h1>');
    });
    expect(fixture.iam.decisions.since(0)).toMatchObject([
      {
        action: 'POST /messages',
        decision: {
          principal: 'user:developer@example.com',
          remedy:
            'npm run gcloud -- run services add-iam-policy-binding receiver --region=europe-west1 --member=user:developer@example.com --role=roles/run.invoker',
        },
      },
    ]);
  });

  it.each<[lines: (port: number) => string[], status: number]>([
    [(port) => [`Host: localhost:${port}`], 200],
    [(port) => [`Host: 127.0.0.1:${port}`], 200],
    [(port) => [`Host: [::1]:${port}`], 200],
    [(port) => [`Host: localhost:${port}`, `Origin: http://localhost:${port}`], 200],
    [(port) => [`Host: evil.example:${port}`], 403],
    [(port) => [`Host: localhost:${port + 1}`], 403],
    [() => ['Host: localhost'], 403],
    [(port) => [`Host: localhost:${port}`, 'Origin: https://evil.example'], 403],
    [(port) => [`Host: localhost:${port}`, `Origin: http://localhost:${port}.evil.example`], 403],
    [(port) => [`Host: localhost:${port}`, 'Origin: null'], 403],
  ])('lends its identity to its own page only: %s', async (lines, status) => {
    await using fixture = await Fixture.start();
    fixture.iam.policies.addBinding(resource, ...invoker);
    await withProxy(fixture, async ({ port }) => {
      const answer = await fixture.raw(['GET / HTTP/1.1', ...lines(port)], '', port);
      expect(answer.status).toBe(status);
    });
    expect(fixture.seen).toHaveLength(status === 200 ? 1 : 0);
  });

  it('turns redirects to the service into redirects to itself', async () => {
    await using fixture = await Fixture.start({}, (request, response) => {
      const location =
        request.url === '/out' ? `https://${host}.evil.example/` : `https://${host}/b`;
      response.writeHead(302, { location }).end();
    });
    fixture.iam.policies.addBinding(resource, ...invoker);
    await withProxy(fixture, async ({ url }) => {
      const location = async (path: string) =>
        (await fetch(url + path, { redirect: 'manual' })).headers.get('location');
      expect(await location('/in')).toBe(`${url}/b`);
      expect(await location('/out')).toBe(`https://${host}.evil.example/`);
    });
  });

  it('says so when it gets no token', async () => {
    await using fixture = await Fixture.start();
    const noToken = () => Promise.reject(new Error('no keys'));
    await withProxy(
      fixture,
      async ({ url }) => {
        const response = await fetch(url);
        expect([response.status, await response.text()]).toEqual([
          500,
          'failed to get token: no keys\n',
        ]);
      },
      noToken,
    );
  });

  it('rejects when its port is taken', async () => {
    await using fixture = await Fixture.start();
    const second = startDeveloperProxy({
      frontDoor: fixture.frontDoor,
      serviceUrl: `https://${host}`,
      identityToken: async () => developersToken,
      port: fixture.port,
    });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
