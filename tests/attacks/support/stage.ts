import { readFileSync } from 'node:fs';
import type { LocalCloudOptions } from '../../../local-cloud/options.ts';
import { accountOf } from '../../../local-cloud/tokens/account.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { type Canary, startCanary } from './canary.ts';
import { Forge } from './forge.ts';
import { Leaks } from './leaks.ts';
import { directWay, frontDoorWay, type Way } from './wire.ts';

/** A local cloud with both services running, and everything that an attacker may wish for. */
export interface Stage {
  cloud: TestCloud;
  canary: Canary;
  forge: Forge;
  leaks: Leaks;
  ways: Record<'receiver' | 'caller', readonly [direct: Way, frontDoor: Way]>;
  /** A good ID token of the developer, who may call the caller. */
  developerToken(): string;
  /** How many messages are in the topic: whatever is in it was accepted. */
  published(): number;
  /** May be called more than once. */
  stop(): Promise<void>;
}

export async function startStage(options: LocalCloudOptions = {}): Promise<Stage> {
  const canary = await startCanary();
  const cloud = await startTestCloud(options);
  const service = (name: string) => {
    const found = cloud.topology.services.find((candidate) => candidate.name === name);
    if (!found) throw new RangeError(name);
    return found;
  };
  const caller = accountOf(service('caller').serviceAccount);
  const forge = new Forge({
    google: cloud.keys.current,
    truth: {
      audience: service('receiver').url,
      email: caller.email,
      subject: caller.uniqueId,
    },
    canaryUrl: canary.url,
  });
  const ca = readFileSync(String(cloud.environmentFor('receiver').NODE_EXTRA_CA_CERTS));
  const waysTo = (name: string) =>
    [
      directWay(Number(cloud.services.portOf(name))),
      frontDoorWay(service(name).url, { url: cloud.proxyUrl, ca }),
    ] as const;
  const [topic] = cloud.topology.topics;
  return {
    cloud,
    canary,
    forge,
    leaks: new Leaks(),
    ways: { receiver: waysTo('receiver'), caller: waysTo('caller') },
    developerToken: () =>
      forge.token({
        claims: {
          aud: service('caller').url,
          email: 'developer@example.com',
          sub: accountOf('developer@example.com').uniqueId,
        },
      }),
    published: () => cloud.pubsub.messagesOf(String(topic?.name)).length,
    async stop() {
      await cloud.stop();
      await canary.stop();
    },
  };
}
