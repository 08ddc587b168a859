import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { AdjustableClock } from '../clock.ts';
import { probeOf } from './container-probes.ts';
import { defaultStartupProbe, type Probe, passesProbe, startupBudgetMs } from './probe.ts';

const http: Probe = {
  http: { path: '/health', headers: { 'x-probe': 'yes' } },
  initialDelayMs: 0,
  periodMs: 1_000,
  timeoutMs: 1_000,
  failureThreshold: 3,
};

async function listening(handle: RequestListener): Promise<number> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

it.each([
  [200, true],
  [302, true],
  [404, false],
  [503, false],
])('an HTTP probe that is answered with %i passes: %s', async (status, passes) => {
  const port = await listening((request, response) => {
    const isProbe = request.url === '/health' && request.headers['x-probe'] === 'yes';
    response.writeHead(isProbe ? status : 500).end();
  });
  expect(await passesProbe(port, http, new AdjustableClock())).toBe(passes);
});

it('an HTTP probe that is not answered in time fails', async () => {
  const clock = new AdjustableClock();
  const port = await listening(() => clock.advanceBy(1_000));
  expect(await passesProbe(port, http, clock)).toBe(false);
});

it.each([
  ['/a path', {}],
  ['/health', { 'a name': 'yes' }],
  ['/health', { 'x-probe': 'ye\r\ns' }],
])('an HTTP probe of %j with %j, which no request can be, fails', async (path, headers) => {
  const probe = { ...http, http: { path, headers } };
  expect(await passesProbe(1, probe, new AdjustableClock())).toBe(false);
});

it('a TCP probe passes where somebody listens', async () => {
  const port = await listening(() => {});
  const clock = new AdjustableClock();
  expect(await passesProbe(port, defaultStartupProbe, clock)).toBe(true);
  expect(await passesProbe(1, defaultStartupProbe, clock)).toBe(false);
});

it('reads what a revision says', () => {
  expect(probeOf(undefined)).toBeUndefined();
  const httpGet = { path: '/health', httpHeaders: [{ name: 'x-probe', value: 'yes' }] };
  const probe = probeOf({ httpGet, periodSeconds: 1, initialDelaySeconds: 2 });
  expect(probe).toEqual({ ...http, initialDelayMs: 2_000 });
  expect(probe && startupBudgetMs(probe)).toBe(5_000);
  expect(startupBudgetMs(defaultStartupProbe)).toBe(240_000);
});
