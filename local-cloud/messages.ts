import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OAuth2Client } from 'google-auth-library';
import { networkEnvironment } from './environments.ts';
import { notRunning, readRunningState, type State, stateFolder } from './state-file.ts';
import { printable } from './terminal/printable.ts';

/** Prints the messages of the topic as they come, with the official client, as the developer. */
async function follow(state: State): Promise<void> {
  const [subscription] = state.subscriptions;
  if (!subscription) throw new Error('the topology has no subscription to read from');
  Object.assign(process.env, networkEnvironment({ proxyUrl: state.proxy.url, caFile: state.ca }));
  // Loaded only now: gRPC reads the environment when it is loaded.
  const { PubSub } = await import('@google-cloud/pubsub');
  const authClient = new OAuth2Client();
  authClient.setCredentials({
    access_token: readFileSync(join(stateFolder, 'access-token'), 'utf8'),
  });
  const pubsub = new PubSub({ projectId: state.project, authClient });
  process.stderr.write(`Messages of ${subscription.topic}, until Ctrl-C:\n`);
  pubsub
    // One stream: each is a decision, and a line in the other terminal.
    .subscription(subscription.name, { streamingOptions: { maxStreams: 1 } })
    .on('message', ({ id, publishTime, data, attributes, ack }) => {
      process.stdout.write(`#${id}  ${publishTime.toISOString()}  ${textOf(data)}\n`);
      for (const [name, value] of Object.entries(attributes)) {
        process.stdout.write(`    ${printable(name)}=${printable(String(value), 1_100)}\n`);
      }
      ack();
    })
    .on('error', (error) => {
      process.stderr.write(`The messages cannot be read: ${printable(error.message, 500)}\n`);
      process.exit(1);
    });
}

/** The text of a message of ours; any other message as it is. */
function textOf(data: Buffer): string {
  try {
    const { text } = JSON.parse(data.toString()) as { text?: unknown };
    return printable(String(text), 20_000);
  } catch {
    return printable(data.toString(), 20_000);
  }
}

if (process.argv.length > 2) {
  process.stderr.write(
    'npm run messages takes no arguments. It prints the messages of the topic as they come, until Ctrl-C.\n',
  );
  process.exit(process.argv[2] === '--help' ? 0 : 2);
}
const state = await readRunningState();
if (!state) {
  process.stderr.write(notRunning);
  process.exit(1);
}
// gRPC would try for ever to come back to a local cloud that has gone.
setInterval(async () => {
  if (await readRunningState()) return;
  process.stderr.write('The local cloud has stopped.\n');
  process.exit(0);
}, 1_000);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
await follow(state);
