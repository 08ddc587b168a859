import { once } from 'node:events';
import { startLocalCloud } from '../../local-cloud/start-local-cloud.ts';
import {
  type CloudCommands,
  type CloudReady,
  type CommandAnswer,
  type CommandRequest,
  type Lifetimes,
  type ServiceName,
  serviceNames,
} from './cloud-messages.ts';
import { bundleOf, productionTopology } from './production-topology.ts';

/**
 * A local cloud of its own process, with the bundles of the services: what it works must not show in the
 * load generator's clock. Started and spoken to by {@link CloudUnderTest}.
 */
// Ctrl-C reaches the whole group: the parent stops this process when it has stopped the load.
process.on('SIGINT', () => undefined);
const parentGone = process.connected ? once(process, 'disconnect') : Promise.resolve();

const notices: string[] = [];
const cloud = await startLocalCloud({
  topology: productionTopology(),
  programOf: bundleOf,
  onNotice: (sentence) => notices.push(sentence),
  startServices: false,
});

const [lifetimes] = process.argv.slice(2);
if (lifetimes !== undefined) {
  const { idToken, accessToken }: Lifetimes = JSON.parse(lifetimes);
  cloud.idTokens.lifetimeSeconds = idToken;
  cloud.accessTokens.lifetimeSeconds = accessToken;
}
// Also if the parent went while this was starting.
void parentGone.then(() => cloud.stop()).then(() => process.exit(0));

// By their keys: a copy of one message must not make up for the loss of another.
const published = new Set<string | undefined>();
let hostilePublished = 0;
cloud.pubsub.onPublished((_topic, messages) => {
  for (const { attributes } of messages) published.add(attributes.idempotencyKey);
  hostilePublished += messages.filter(({ attributes }) => attributes.kind === 'hostile').length;
});

const commands: CloudCommands = {
  counts: () => ({
    published: published.size,
    hostilePublished,
    certificateFetches: cloud.certificates.fetches,
    idTokenFetches: cloud.metadataServerOf('caller').counts.idToken,
    accessTokenFetches: cloud.metadataServerOf('receiver').counts.accessToken,
    notices: notices.slice(0, 20),
  }),
  rotateKeys: () => cloud.keys.rotate(),
};

async function answer({ id, command }: CommandRequest): Promise<CommandAnswer> {
  try {
    return { id, result: await commands[command]() };
  } catch (error) {
    return { id, error: String(error) };
  }
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

async function describe(): Promise<CloudReady> {
  const { topology, accounts, idTokens, services } = cloud;
  const serviceOf = (name: string) =>
    known(
      topology.services.find((service) => service.name === name),
      name,
    );
  const ofBoth = (read: (name: ServiceName) => number | undefined) =>
    Object.fromEntries(
      serviceNames.map((name) => [name, known(read(name), `${name} running`)]),
    ) as Record<ServiceName, number>;
  const tokenOf = (name: string, audience: string) => {
    const account = known(accounts.current(serviceOf(name).serviceAccount), `account of ${name}`);
    return idTokens.forServiceAccount(account, { audience, includeEmail: true });
  };
  const audience = serviceOf('receiver').url;
  return {
    ports: ofBoth((name) => services.portOf(name)),
    pids: { ...ofBoth((name) => services.pidOf(name)), cloud: process.pid },
    hostile: {
      audience,
      tokens: {
        wrongAudience: await tokenOf('caller', 'https://elsewhere.example.com'),
        stranger: await tokenOf('receiver', audience),
      },
    },
  };
}

process.on('message', (request: CommandRequest) => {
  void answer(request).then((message) => process.send?.(message));
});
await cloud.startServices();
const ready = await describe();
if (process.connected) process.send?.(ready);
