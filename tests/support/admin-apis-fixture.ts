import { request } from 'node:http';
import { loadTopology, resolveTopology, type Topology } from '../../deploy/topology.ts';
import { cloudRunMethods } from '../../local-cloud/cloud-run/admin/cloud-run-admin.ts';
import { ServiceRegistry } from '../../local-cloud/cloud-run/service-registry.ts';
import { Iam } from '../../local-cloud/iam/iam.ts';
import { seedFromTopology } from '../../local-cloud/iam/seed-from-topology.ts';
import { HostRouter } from '../../local-cloud/network/host-router.ts';
import { defaults } from '../../local-cloud/options.ts';
import { resourceManagerMethods } from '../../local-cloud/resource-manager/resource-manager.ts';
import { type RestMethod, restApi } from '../../local-cloud/rest/rest-api.ts';
import { serviceUsageMethods } from '../../local-cloud/service-usage/service-usage.ts';
import type { TokenHolder } from '../../local-cloud/tokens/access-tokens.ts';
import { serve } from './network.ts';
import { standingClock } from './standing-clock.ts';

export const developer = `user:${defaults.developer}` as const;

/** Cloud Run's Admin API, Resource Manager and Service Usage; everybody is who they say they are. */
export async function startAdminApis(topology: Topology = loadTopology()) {
  const clock = standingClock();
  const resolved = resolveTopology(topology, { ...defaults, deployer: developer });
  const iam = new Iam({ clock });
  seedFromTopology(iam.policies, resolved);
  const registry = new ServiceRegistry({ topology: resolved, clock });
  const services = { topology: resolved, clock, iam, registry };

  const router = new HostRouter();
  const add = (service: string, methods: RestMethod[], pattern = service) => {
    const authenticate = ([header = '']: readonly string[]) =>
      header.replace('Bearer ', '') as TokenHolder;
    const http = restApi({ service, methods, authenticate, notify: () => {} });
    router.add(pattern, { http });
  };
  const run = cloudRunMethods(services);
  add('run.googleapis.com', run);
  add('run.googleapis.com', run, '*-run.googleapis.com');
  add('cloudresourcemanager.googleapis.com', resourceManagerMethods(services));
  add('serviceusage.googleapis.com', serviceUsageMethods(services));
  const base = await serve((incoming, response) =>
    router.find(incoming.headers.host ?? '')?.http?.(incoming, response),
  );

  /** `url` as Google's clients write it, without `https://`. */
  const call = (
    method: string,
    url: string,
    { as = developer, body }: { as?: TokenHolder; body?: object } = {},
  ): Promise<Answer> => {
    const [host = '', ...path] = url.split('/');
    const headers = { host, authorization: `Bearer ${as}` };
    return send(`${base}/${path.join('/')}`, { method, headers }, body && JSON.stringify(body));
  };
  return { call, iam, clock, registry };
}

export interface Answer {
  status: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at, it also expects
  body: any;
}

/** Not by `fetch`, which does not let go of the Host header. */
function send(
  url: string,
  options: { method: string; headers: Record<string, string> },
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, body: JSON.parse(String(Buffer.concat(chunks))) }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}
