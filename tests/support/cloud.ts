import { onTestFinished } from 'vitest';
import type { LocalCloudOptions } from '../../local-cloud/options.ts';
import { startLocalCloud } from '../../local-cloud/start-local-cloud.ts';

/** A local cloud with both services, on free ports, and every line that was written in it. */
export async function startTestCloud(options: LocalCloudOptions = {}) {
  const lines: string[] = [];
  const notices: string[] = [];
  const cloud = await startLocalCloud({
    onServiceLine: (service, line) => lines.push(`${service}: ${line}`),
    onNotice: (sentence) => notices.push(sentence),
    ...options,
  });
  return Object.assign(cloud, { lines, notices });
}

export type TestCloud = Awaited<ReturnType<typeof startTestCloud>>;

/** The same for one test, stopped with it. */
export async function useTestCloud(options: LocalCloudOptions = {}): Promise<TestCloud> {
  const cloud = await startTestCloud(options);
  onTestFinished(() => cloud.stop());
  return cloud;
}

/** `POST /messages` to the caller, as the developer. */
export async function postMessage(
  cloud: Pick<TestCloud, 'localUrls'>,
  body: unknown = { text: 'hello' },
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${cloud.localUrls.caller}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}
