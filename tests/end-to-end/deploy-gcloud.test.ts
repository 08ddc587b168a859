import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postMessage } from '../support/cloud.ts';
import {
  imageOf,
  type PreparedCloud,
  serviceNamed,
  startPreparedCloud,
  topology,
} from '../support/deployed-by-rest.ts';
import { run } from '../support/network.ts';
import { isInstalled } from '../support/program.ts';

const hasGcloud = isInstalled('gcloud', 'deploying with the real gcloud');

// Each call of gcloud takes about a second.
describe.skipIf(!hasGcloud)('the real gcloud', { timeout: 120_000 }, () => {
  let prepared: PreparedCloud;
  let folder: string;
  let environment: Record<string, string>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'deploy-'));
    prepared = await startPreparedCloud();
    const { CLOUDSDK_PYTHON } = process.env;
    const { developerEnvironment } = prepared.cloud;
    environment = {
      ...(CLOUDSDK_PYTHON && { CLOUDSDK_PYTHON }),
      HOME: folder,
      ...developerEnvironment,
    };
  });
  afterAll(async () => {
    await prepared.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const gcloud = async (...args: string[]) => {
    const { code, stdout, stderr } = await run('gcloud', args, environment);
    return { code, stdout, output: stdout + stderr };
  };
  const ok = async (...args: string[]) => {
    const { code, stdout, output } = await gcloud(...args);
    expect(code, output).toBe(0);
    return stdout.trim();
  };
  const deploy = (name: string) => {
    const { serviceAccount, environment: variables } = serviceNamed(name);
    const env = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
    return gcloud(
      ...['run', 'deploy', name, `--image=${imageOf(name)}`],
      ...[`--service-account=${serviceAccount}`, '--no-allow-unauthenticated', '--ingress=all'],
      ...[`--set-env-vars=${env.join(',')}`, '--concurrency=80', '--cpu=1', '--memory=512Mi'],
      ...['--min-instances=0', '--max-instances=10', '--timeout=60', '--cpu-boost'],
      '--startup-probe=httpGet.path=/health/ready,periodSeconds=1,failureThreshold=60',
      '--liveness-probe=httpGet.path=/health/live',
    );
  };

  it('deploys both services, and they work together', async () => {
    for (const { name } of topology.services) {
      const { code, output } = await deploy(name);
      expect(code, output).toBe(0);
      expect(output).toMatch(
        new RegExp(`revision \\[.*${name}-00001-.*\\] has been deployed and is serving`),
      );
    }
    for (const { name, invokers } of topology.services) {
      for (const member of invokers) {
        const role = '--role=roles/run.invoker';
        await ok('run', 'services', 'add-iam-policy-binding', name, `--member=${member}`, role);
      }
    }
    const { serviceAccount } = serviceNamed('receiver');
    await ok(
      ...['pubsub', 'topics', 'add-iam-policy-binding', 'events'],
      ...[`--member=serviceAccount:${serviceAccount}`, '--role=roles/pubsub.publisher'],
    );
    expect((await postMessage(prepared.cloud)).status).toBe(201);
  });

  it('is told why a container does not come up, and what served before goes on', async () => {
    const failed = await gcloud(
      ...['run', 'services', 'update', 'receiver', '--remove-env-vars=TOPIC'],
    );
    expect(failed.code).not.toBe(0);
    expect(failed.output).toMatch(
      /Revision 'receiver-00002-[a-z]{3}' is not ready and cannot serve traffic\. The user-provided container failed the configured startup probe checks\./,
    );
    expect((await postMessage(prepared.cloud)).status).toBe(201);
  });

  it('updates, rolls back, and deletes', async () => {
    const audience = '--add-custom-audiences=https://api.example.com';
    const topic = serviceNamed('receiver').environment.TOPIC;
    await ok('run', 'services', 'update', 'receiver', audience, `--update-env-vars=TOPIC=${topic}`);
    const revisions = await ok(
      ...['run', 'revisions', 'list', '--service=receiver', '--format=value(metadata.name)'],
    );
    expect(revisions.split('\n').sort()).toEqual([
      expect.stringMatching(/^receiver-00001-/),
      expect.stringMatching(/^receiver-00002-/),
      expect.stringMatching(/^receiver-00003-/),
    ]);
    const [first = '', second = ''] = revisions.split('\n').sort();
    await ok('run', 'services', 'update-traffic', 'receiver', `--to-revisions=${first}=100`);
    expect((await postMessage(prepared.cloud)).status).toBe(201);
    await ok('run', 'revisions', 'delete', second);
    await ok('run', 'services', 'update-traffic', 'receiver', '--to-latest');
    expect((await postMessage(prepared.cloud)).status).toBe(201);
    await ok('run', 'services', 'delete', 'receiver');
    expect(await ok('run', 'services', 'list', '--format=value(metadata.name)')).toBe('caller');
  });

  it('sends sources to Cloud Build, and follows its log', async () => {
    const root = join(import.meta.dirname, '../..');
    const { code, output } = await gcloud(
      ...['builds', 'submit', root, `--config=${join(root, 'deploy/cloudbuild.yaml')}`],
      `--substitutions=_IMAGE=${imageOf('caller', 'v2')},_DOCKERFILE=Dockerfile.caller`,
    );
    expect(code, output).toBe(0);
    expect(output).toContain('build skipped: local source is used');
    const image = await ok(
      ...['artifacts', 'docker', 'images', 'describe', imageOf('caller', 'v2')],
      '--format=value(image_summary.digest)',
    );
    expect(image).toMatch(/^sha256:/);
  });
});
