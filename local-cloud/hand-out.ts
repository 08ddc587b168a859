import { defaultAccountOf } from './cloud-run/deployments.ts';
import type { Revision } from './cloud-run/service-registry.ts';
import { entryService } from './entry-service.ts';
import { metadataEnvironment, networkEnvironment, shellEnvironment } from './environments.ts';
import { PrivateFolder } from './folder.ts';
import { lockFolder } from './folder-lock.ts';
import type { GoogleState } from './google-state.ts';
import type { Rollback } from './rollback.ts';

/** The developer's access token is good for as long as the CA. */
const credentialLifetimeSeconds = 24 * 3_600;

/** What programs get from the local cloud. */
export type HandedOut = Awaited<ReturnType<typeof handOut>>;

/**
 * Writes the files that other programs read, and makes the variables that lead them here.
 *
 * @param options.folder default: a temporary one
 * @throws {FolderError} if it cannot be used, or another local cloud has it
 */
export async function handOut(
  { topology, tokens }: GoogleState,
  options: { folder: string | undefined; proxyUrl: string; caPem: string; rollback: Rollback },
) {
  const { proxyUrl, caPem, rollback } = options;
  const folder = new PrivateFolder(options.folder);
  rollback.add(() => folder.remove());
  await lockFolder(folder, proxyUrl);
  const reach = { proxyUrl, caFile: folder.write('ca.pem', caPem) };
  // For curl, and whatever else takes a token as it is.
  folder.write('access-token', tokens.developerAccessToken(credentialLifetimeSeconds));
  const entryAccount =
    topology.services.find(({ name }) => name === entryService(topology))?.serviceAccount ??
    defaultAccountOf(topology.projectNumber);
  const developerEnvironment = shellEnvironment({
    ...reach,
    developer: topology.deployer.replace(/^user:/, ''),
    project: topology.project,
    region: topology.region,
    credentialsFile: folder.write('credentials.json', tokens.developerCredentials),
    gcloudFolder: folder.emptyFolder('gcloud'),
    metadataHost: (await tokens.metadataServerFor(entryAccount)).host,
    serviceUrls: Object.fromEntries(topology.services.map(({ name, url }) => [name, url])),
  });
  return {
    folder,
    /** The `HOME` of every service. */
    homeFolder: folder.emptyFolder('home'),
    developerEnvironment,
    /** Everything that makes a process this service. @throws {RangeError} if the topology has no such */
    environmentFor(name: string): Record<string, string> {
      const service = topology.services.find((candidate) => candidate.name === name);
      if (!service) throw new RangeError(`there is no service ${name} in the topology`);
      return {
        ...service.environment,
        ...networkEnvironment(reach),
        ...metadataEnvironment(tokens.metadataServerOf(name).host),
      };
    },
    /** The same for what has been deployed. */
    environmentOf: async ({ spec, serviceAccount }: Revision): Promise<Record<string, string>> => ({
      ...Object.fromEntries(
        (spec.containers[0]?.env ?? []).map(({ name, value = '' }) => [name, value]),
      ),
      // Afterwards: whatever a deployment says, nothing leaves this machine.
      ...networkEnvironment(reach),
      ...metadataEnvironment((await tokens.metadataServerFor(serviceAccount)).host),
    }),
  };
}
