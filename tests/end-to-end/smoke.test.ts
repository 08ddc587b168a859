import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postMessage, startTestCloud, type TestCloud } from '../support/cloud.ts';
import { run } from '../support/program.ts';

// npm run smoke on a machine without gcloud: a script makes the calls that gcloud would make.
const script = (name: string) => join(import.meta.dirname, '../../deploy', name, 'main.ts');
const fakeGcloud = join(import.meta.dirname, '../support/rest-gcloud.ts');
const place = ['--project=demo-project', '--region=europe-west1'];
let cloud: TestCloud;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smoke-'));
  cloud = await startTestCloud();
  mkdirSync(join(folder, 'bin'));
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  writeFileSync(join(folder, 'bin/gcloud'), `#!/bin/sh\nexec node ${fakeGcloud} "$@"\n`, {
    mode: 0o755,
  });
  environment = { ...cloud.developerEnvironment, PATH: `${join(folder, 'bin')}:/bin:/usr/bin` };
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function finished(name: string, args: readonly string[], env = environment) {
  const program = run(script(name), args, folder, env);
  return { code: await program.ended, output: program.output() };
}

it('shows the chain and the refusals, and leaves the messages of others', async () => {
  await postMessage(cloud, { text: 'for somebody else' });
  const { code, output } = await finished('smoke', place);
  expect(output).toMatch(/It works: 5 checks passed, 1 not proven\.\n$/);
  expect(output).toContain('receiver  saw caller@demo-project.iam.gserviceaccount.com');
  // No token on the screen.
  expect(output).not.toMatch(/eyJ/);
  expect(code).toBe(0);
  const pull = ['pubsub', 'subscriptions', 'pull', 'events-reader', '--limit=9', place[0] ?? ''];
  const waiting = run(fakeGcloud, pull, folder, environment);
  await waiting.ended;
  const [message, ...others] = JSON.parse(waiting.output());
  const text = Buffer.from(message.message.data, 'base64').toString();
  expect([text, others]).toEqual(['{"text":"for somebody else"}', []]);
});

it('ends with 1 when a binding is missing and patience is over', async () => {
  const [binding] = cloud.topology.bindings;
  if (!binding) throw new RangeError('no binding');
  const { resource, role, member } = binding;
  cloud.iam.policies.removeBinding(resource, role, member);
  const { code, output } = await finished('smoke', [...place, '--patience=0']);
  cloud.iam.policies.addBinding(resource, role, member);
  expect(output).toContain("✗ IAM does not let the caller's account call the receiver (403)");
  expect(output).toMatch(/1 of 4 checks failed, 1 not proven\.\n$/);
  expect(code).toBe(1);
});

it.each(['smoke', 'doctor'])('%s says how it is used', async (name) => {
  const help = await finished(name, ['--help']);
  expect(help).toMatchObject({ code: 0, output: expect.stringContaining(`npm run ${name} -- `) });
  const wrong = await finished(name, ['--project=demo-project']);
  expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('--region is missing.') });
});

it.each(['smoke', 'doctor'])('%s says in a sentence that gcloud is missing', async (name) => {
  const { code, output } = await finished(name, place, { ...environment, PATH: '/nonexistent' });
  expect(output).toMatch(/^gcloud is not on the PATH\. [^\n]*\n$/);
  expect(code).toBe(1);
});
