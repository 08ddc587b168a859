import { writeFileSync } from 'node:fs';
import { AdjustableClock } from '../../local-cloud/clock.ts';
import { CertificateAuthority } from '../../local-cloud/network/certificate-authority.ts';
import { generateSigningKey } from '../../local-cloud/tokens/signing-keys.ts';
import { project } from '../harness/names.ts';
import { serveTasks } from '../harness/worker.ts';
import { newCounters } from './counters.ts';
import { startGoogleHosts } from './google-hosts.ts';
import { IdTokens } from './id-tokens.ts';
import { startMetadataServer } from './metadata-server.ts';

// Google, as little of it as the contestants need and as cheap as it can be, for all of them alike.

const clock = new AdjustableClock();
const counters = newCounters();
const [authority, key, otherKey] = await Promise.all([
  CertificateAuthority.create({ clock }),
  newSigningKey(),
  newSigningKey(),
]);
const tokens = new IdTokens(key);
const hosts = await startGoogleHosts({
  authority,
  counters,
  // Two keys, as Google always has.
  certificates: JSON.stringify({
    [key.kid]: key.certificatePem,
    [otherKey.kid]: otherKey.certificatePem,
  }),
});

const tasks = {
  /** The proxy, and the CA's certificate written to `caFile`. */
  network: ({ caFile }: { caFile: string }) => {
    writeFileSync(caFile, authority.caPem);
    return { proxyUrl: hosts.proxyUrl };
  },
  metadataServer: async (options: { email: string; lifetimeSeconds: number }) => {
    const { port } = await startMetadataServer({ ...options, project, tokens, counters });
    return { port };
  },
  front: ({ host, port }: { host: string; port: number }) => hosts.addFront(host, port),
  distinctTokens: (options: { email: string; audience: string; count: number }) =>
    tokens.distinct(options.email, options.audience, options.count),
  counters: (_: Record<string, never>) => counters,
};
export type StandInTasks = typeof tasks;
serveTasks(tasks);

function newSigningKey() {
  return generateSigningKey(clock, {
    commonName: 'federated-signon.system.gserviceaccount.com',
    notAfterMs: clock.now() + 86_400_000,
  });
}
