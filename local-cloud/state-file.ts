import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLocked } from './folder-lock.ts';
import type { LocalCloud } from './start-local-cloud.ts';

/** Where `npm start` leaves its files, below the working folder. */
export const stateFolder = '.local-cloud';

/** What other programs need to know of a running local cloud: `.local-cloud/state.json`. */
export interface State {
  pid: number;
  project: string;
  projectNumber: string;
  region: string;
  /** IAM member. */
  developer: string;
  proxy: { url: string; port: number };
  /** The control API; the key opens what lends identities. */
  control: { url: string; port: number; key: string };
  /** Path of the CA's certificate. */
  ca: string;
  /** By name. */
  services: Record<
    string,
    {
      url: string;
      urls: readonly string[];
      serviceAccount: string;
      /** Reaches the service as the developer. */
      localUrl: string;
      localPort: number;
      /** For GCE_METADATA_HOST. */
      metadataHost: string;
      /** Everything that makes a process this service. */
      environment: Record<string, string>;
    }
  >;
  /** What `.local-cloud/env` exports. */
  developerEnvironment: Record<string, string>;
  topics: { name: string; publishers: readonly string[] }[];
  subscriptions: { name: string; topic: string }[];
}

export function stateOf(cloud: LocalCloud): State {
  const { topology, proxyUrl, controlUrl, controlKey, localUrls, folder } = cloud;
  return {
    pid: process.pid,
    project: topology.project,
    projectNumber: topology.projectNumber,
    region: topology.region,
    developer: topology.deployer,
    proxy: { url: proxyUrl, port: Number(new URL(proxyUrl).port) },
    control: { url: controlUrl, port: Number(new URL(controlUrl).port), key: controlKey },
    ca: join(folder.path, 'ca.pem'),
    services: Object.fromEntries(
      topology.services.map(({ name, url, urls, serviceAccount }) => {
        const localUrl = localUrls[name] ?? '';
        const environment = cloud.environmentFor(name);
        const metadataHost = environment.GCE_METADATA_HOST ?? '';
        const localPort = Number(new URL(localUrl).port);
        return [
          name,
          { url, urls, serviceAccount, localUrl, localPort, metadataHost, environment },
        ];
      }),
    ),
    developerEnvironment: cloud.developerEnvironment,
    topics: topology.topics.map(({ name, publishers }) => ({ name, publishers })),
    subscriptions: topology.subscriptions.map(({ name, topic }) => ({ name, topic })),
  };
}

/** The local cloud that runs in this folder, or `undefined`: also if one ended without cleaning up. */
export async function readRunningState(folder = stateFolder): Promise<State | undefined> {
  if (!(await isLocked(folder))) return undefined;
  try {
    return JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as State;
  } catch {
    // It is just starting.
    return undefined;
  }
}

export const notRunning = 'No local cloud is running here. Start one with: npm start\n';
