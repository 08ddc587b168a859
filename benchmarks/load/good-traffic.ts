import { Pool } from 'undici';
import { exchange } from './exchange.ts';
import type { Traffic } from './traffic.ts';

/** More than ever wait at a time; a request that finds them all in use waits, and that counts. */
const connections = 256;

/**
 * Messages for the caller, at its container's port, where Cloud Run's front door would hand them over: its
 * own share of the work is not the service's.
 */
export function goodTraffic(port: number): Traffic {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  const headers = { 'content-type': 'application/json' };
  return {
    send(index, done) {
      const body = JSON.stringify({ text: `message ${index}`, attributes: { kind: 'good' } });
      exchange(pool, { method: 'POST', path: '/messages', headers, body }, done);
    },
    close: () => pool.destroy(),
  };
}

/** The liveness probe. It does no work, so what it takes is the delay of the service's event loop. */
export function probeTraffic(port: number): Traffic {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 8, pipelining: 1 });
  return {
    send: (_index, done) => exchange(pool, { method: 'GET', path: '/health/live' }, done),
    close: () => pool.destroy(),
  };
}
