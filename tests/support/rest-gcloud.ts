// A gcloud for machines without one: the few commands of the smoke test, by the REST calls that the
// real gcloud makes for them, with the credentials that the environment names.
import { readFileSync } from 'node:fs';

const args = process.argv.slice(2);
const words = args.filter((word) => !word.startsWith('--')).join(' ');
const flag = (name: string) =>
  args.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';

async function post(url: string, body: object | URLSearchParams, token?: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body instanceof URLSearchParams ? {} : { 'content-type': 'application/json' }),
    },
    body: body instanceof URLSearchParams ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

const credentials = JSON.parse(
  readFileSync(process.env.GOOGLE_APPLICATION_CREDENTIALS ?? '', 'utf8'),
) as Record<string, string>;
const tokens = await post(
  'https://oauth2.googleapis.com/token',
  new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: credentials.client_id ?? '',
    client_secret: credentials.client_secret ?? '',
    refresh_token: credentials.refresh_token ?? '',
  }),
);
const subscription = `https://pubsub.googleapis.com/v1/projects/${flag('project')}/subscriptions/events-reader`;
const ackIds = flag('ack-ids').split(',');
const call = (method: string, body: object) =>
  post(`${subscription}:${method}`, body, String(tokens.access_token));

async function answer(): Promise<unknown> {
  switch (words) {
    case 'config list':
      return { core: { account: process.env.CLOUDSDK_CORE_ACCOUNT } };
    case `projects describe ${process.env.CLOUDSDK_CORE_PROJECT}`:
      return { projectNumber: '123456789012', lifecycleState: 'ACTIVE' };
    case 'auth print-identity-token':
      if (flag('impersonate-service-account')) throw new Error('PERMISSION_DENIED');
      return tokens.id_token;
    case 'pubsub subscriptions pull events-reader':
      return (await call('pull', { maxMessages: Number(flag('limit')) })).receivedMessages ?? [];
    case 'pubsub subscriptions ack events-reader':
      return call('acknowledge', { ackIds });
    case 'pubsub subscriptions modify-message-ack-deadline events-reader':
      return call('modifyAckDeadline', { ackIds, ackDeadlineSeconds: 0 });
    default:
      throw new Error(`not known here: ${words}`);
  }
}

try {
  const result = await answer();
  process.stdout.write(`${typeof result === 'string' ? result : JSON.stringify(result)}\n`);
} catch (error) {
  process.stderr.write(`ERROR: (gcloud) ${(error as Error).message}\n`);
  process.exitCode = 1;
}
