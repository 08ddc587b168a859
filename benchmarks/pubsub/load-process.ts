import { PubSub } from '@google-cloud/pubsub';
import { type LoadSize, runLoad } from './load.ts';
import { plainWithToken } from './plain-credentials.ts';

const { PLAIN_ENDPOINT: endpoint, PLAIN_TOKEN: token } = process.env;
const projectId = process.argv[2] ?? '';
// Google's own emulator and ours are reached in the same way; Google's does not look at the token.
const pubsub = endpoint
  ? new PubSub({
      projectId,
      apiEndpoint: endpoint,
      emulatorMode: false,
      sslCreds: plainWithToken(token ?? ''),
    })
  : new PubSub({ projectId });
process.on('message', async (size: LoadSize) => {
  try {
    process.send?.({ rates: await runLoad(pubsub, size) });
  } catch (error) {
    process.send?.({ error: String(error) });
  }
});
// Whoever started this one is gone.
process.on('disconnect', () => process.exit());
