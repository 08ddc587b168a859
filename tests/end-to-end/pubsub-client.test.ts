import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { useTestCloud } from '../support/cloud.ts';

/** A program in a process of its own that knows nothing but its environment. */
const run = (script: string, env: Record<string, string>) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
    cwd: import.meta.dirname,
  });

const journey = `
  import { PubSub } from '@google-cloud/pubsub';
  const pubsub = new PubSub();
  const [topic] = await pubsub.createTopic('mine');
  const [subscription] = await topic.createSubscription('mine-too');
  await topic.publishMessage({ data: Buffer.from('hello') });
  const message = await new Promise((resolve) => subscription.on('message', resolve));
  message.ack();
  await subscription.close();
  console.log(message.data.toString(), message.id);
`;

it("any program with the developer's environment uses Pub/Sub as the developer", async () => {
  const cloud = await useTestCloud({ startServices: false });
  const { stdout } = await run(journey, cloud.developerEnvironment);
  expect(stdout).toMatch(/^hello \d+\n$/);
  const [published] = cloud.pubsub.messagesOf('projects/demo-project/topics/mine');
  expect(published?.publisher).toBe('user:developer@example.com');
});

it('and, with that of a service, as its account, which may not do that', async () => {
  const cloud = await useTestCloud({ startServices: false });
  const environment = { ...cloud.environmentFor('receiver'), GOOGLE_CLOUD_PROJECT: 'demo-project' };
  await expect(run(journey, environment)).rejects.toMatchObject({
    stderr: expect.stringContaining('PERMISSION_DENIED'),
  });
  expect(cloud.decisions.since(0).at(-1)).toMatchObject({
    action: 'CreateTopic',
    decision: { allowed: false, principal: expect.stringMatching(/^serviceAccount:receiver@/) },
  });
});

it('two local clouds side by side do not share tokens, and say why they refuse', async () => {
  const [one, other] = await Promise.all([
    useTestCloud({ startServices: false }),
    useTestCloud({ startServices: false }),
  ]);
  // The network of one, the credentials of the other.
  const script = `
    import { PubSub } from '@google-cloud/pubsub';
    import { OAuth2Client } from 'google-auth-library';
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: process.env.FOREIGN_TOKEN });
    await new PubSub({ projectId: 'demo-project', authClient }).getTopics();
  `;
  const FOREIGN_TOKEN = other.accessTokens.issue('user:developer@example.com').token;
  const failed = run(script, { ...one.environmentFor('receiver'), FOREIGN_TOKEN });
  await expect(failed).rejects.toMatchObject({
    stderr: expect.stringContaining('UNAUTHENTICATED'),
  });
  expect(one.notices.join()).toMatch(/refused ListTopics: its access/);
  expect(one.notices.join()).not.toContain(FOREIGN_TOKEN);
});
