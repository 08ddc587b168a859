import { get } from 'node:http';
import type { Clock } from '../clock.ts';
import { acceptsConnections } from './free-port.ts';

/** How Cloud Run asks a container how it is: https://cloud.google.com/run/docs/configuring/healthchecks */
export interface Probe {
  /** By default: whether it accepts connections. */
  http?: { path: string; headers: Readonly<Record<string, string>> };
  initialDelayMs: number;
  periodMs: number;
  timeoutMs: number;
  failureThreshold: number;
}

/** Cloud Run's own if none is configured: the container has four minutes to listen. */
export const defaultStartupProbe: Probe = {
  initialDelayMs: 0,
  periodMs: 240_000,
  timeoutMs: 240_000,
  failureThreshold: 1,
};

/** How long a container has until its startup probe succeeds. */
export function startupBudgetMs({ initialDelayMs, periodMs, failureThreshold }: Probe): number {
  return initialDelayMs + periodMs * failureThreshold;
}

/** Asks once, on 127.0.0.1. Never rejects. */
export function passesProbe(port: number, probe: Probe, clock: Clock): Promise<boolean> {
  const { http, timeoutMs } = probe;
  if (!http) return acceptsConnections(port);
  let request: ReturnType<typeof get>;
  try {
    request = get({ host: '127.0.0.1', port, ...http, agent: false });
  } catch {
    // A path or a header that no request can have.
    return Promise.resolve(false);
  }
  return new Promise((resolve) => {
    const timer = clock.after(timeoutMs, () => settle(false));
    const settle = (passes: boolean) => {
      timer.cancel();
      request.destroy();
      resolve(passes);
    };
    request.on('response', (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      settle(statusCode >= 200 && statusCode < 400);
    });
    request.on('error', () => settle(false));
  });
}
