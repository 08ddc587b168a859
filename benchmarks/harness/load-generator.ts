import { Client } from 'undici';
import { quantile } from '../report/statistics.ts';
import { serveTasks } from './worker.ts';

/** Closed loops: each connection sends its next request as soon as it has the answer to the last. */
export interface Load {
  /** `http://127.0.0.1:port`. */
  origin: string;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  connections: number;
  milliseconds: number;
  /** Ends earlier when this many have been sent. */
  requests?: number;
  /** ID tokens that the requests bear in turn. */
  tokens?: readonly string[];
}

export interface LoadResult {
  requests: number;
  /** Answers other than 2xx, and connections that broke. */
  failures: number;
  perSecond: number;
  /** Milliseconds, as p99. */
  p50: number;
  p99: number;
}

async function runLoad(load: Load): Promise<LoadResult> {
  const clients = Array.from({ length: load.connections }, () => new Client(load.origin));
  const latencies: number[] = [];
  let failures = 0;
  let sent = 0;
  const most = load.requests ?? Number.POSITIVE_INFINITY;
  const start = performance.now();
  const end = start + load.milliseconds;

  async function loop(client: Client): Promise<void> {
    while (performance.now() < end && sent < most) {
      const token = load.tokens?.[sent % load.tokens.length];
      sent += 1;
      const sentAt = performance.now();
      const succeeded = await send(client, load, token);
      latencies.push(performance.now() - sentAt);
      if (!succeeded) failures += 1;
    }
  }
  await Promise.all(clients.map(loop));
  // What was under way at the end has been answered and counts, as its CPU time does.
  const seconds = (performance.now() - start) / 1_000;
  await Promise.all(clients.map((client) => client.close()));
  const sorted = Float64Array.from(latencies).sort();
  return {
    requests: sorted.length,
    failures,
    perSecond: sorted.length / seconds,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  };
}

/** Resolves when the answer is complete, with whether it is 2xx. */
function send(client: Client, load: Load, token: string | undefined): Promise<boolean> {
  const { method, path, body = null } = load;
  const headers =
    token === undefined ? load.headers : { ...load.headers, authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    let status = 0;
    client.dispatch(
      { method, path, headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData() {},
        onResponseEnd: () => resolve(status >= 200 && status < 300),
        onResponseError: () => resolve(false),
      },
    );
  });
}

const tasks = { load: runLoad };
export type LoadGeneratorTasks = typeof tasks;
serveTasks(tasks);
