import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../deploy/doctor/finding.ts';
import { postMessage, startTestCloud, type TestCloud } from '../support/cloud.ts';
import { isInstalled, run } from '../support/program.ts';

const hasGcloud = isInstalled('gcloud', 'npm run smoke and npm run doctor with the real gcloud');
const deploy = join(import.meta.dirname, '../../deploy');
const account = (name: string) => `${name}@demo-project.iam.gserviceaccount.com`;
const ofService = '--project=demo-project --region=europe-west1';
const firstRevision = `$(gcloud run revisions list --service=caller ${ofService} --sort-by=metadata.creationTimestamp --limit=1 --format='value(metadata.name)')`;

/** Mistakes, and what doctor must find of each. Those of one thing are made one after the other. */
const mistakes: { command: string; finding: Finding['code'] }[][] = [
  [
    {
      command: `gcloud run services add-iam-policy-binding receiver ${ofService} --member=allUsers --role=roles/run.invoker`,
      finding: 'public',
    },
    {
      command: `gcloud run services remove-iam-policy-binding receiver ${ofService} --member=serviceAccount:${account('caller')} --role=roles/run.invoker`,
      finding: 'missing-binding',
    },
    {
      command: `gcloud run services update receiver ${ofService} --update-env-vars=AUDIENCES=https://example.com`,
      finding: 'environment',
    },
  ],
  [
    {
      command: `gcloud run services update caller ${ofService} --ingress=internal --service-account=${account('receiver')}`,
      finding: 'other-account',
    },
    {
      command: `gcloud run services update-traffic caller ${ofService} --to-revisions="${firstRevision}=100"`,
      finding: 'old-revision',
    },
  ],
  [
    {
      command: `gcloud projects add-iam-policy-binding demo-project --member=serviceAccount:${account('caller')} --role=roles/editor --condition=None`,
      finding: 'basic-role',
    },
  ],
  [
    {
      command: `gcloud iam service-accounts add-iam-policy-binding ${account('caller')} --member=user:eve@example.com --role=roles/iam.serviceAccountTokenCreator`,
      finding: 'extra-binding',
    },
  ],
  [
    {
      command: `gcloud iam service-accounts keys create key.json --iam-account=${account('receiver')}`,
      finding: 'account-key',
    },
    {
      command: 'gcloud pubsub subscriptions delete events-reader',
      finding: 'subscription-missing',
    },
  ],
];

// Some sixty calls of gcloud, each of which takes most of a second.
describe.skipIf(!hasGcloud)('with the real gcloud', { timeout: 180_000 }, () => {
  let cloud: TestCloud;
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    cloud = await startTestCloud();
    const { PATH, CLOUDSDK_PYTHON } = process.env;
    environment = { PATH, CLOUDSDK_PYTHON, HOME: folder, ...cloud.developerEnvironment };
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function command(name: 'doctor' | 'smoke', ...flags: string[]) {
    const script = join(deploy, name, 'main.ts');
    const program = run(script, [...ofService.split(' '), ...flags], folder, environment);
    return { code: await program.ended, output: program.output() };
  }
  const shell = async (line: string) =>
    (await promisify(execFile)('sh', ['-c', line], { env: environment, cwd: folder })).stdout;
  /** The lists side by side, the commands of each one after the other. */
  const runLists = (lists: readonly (readonly string[])[]) =>
    Promise.all(lists.map((commands) => shell(commands.join(' && '))));

  it('finds nothing wrong with what works, and leaves the messages of others', async () => {
    await postMessage(cloud, { text: 'for somebody else' });
    const [smoke, doctor] = await Promise.all([command('smoke'), command('doctor')]);
    expect(smoke.output).toMatch(/It works: 5 checks passed, 1 not proven\.\n$/);
    expect(smoke.code).toBe(0);
    expect(doctor.output).toContain('✓ Nothing to report');
    expect(doctor.code).toBe(0);
    const rest = await shell(
      `gcloud pubsub subscriptions pull events-reader --auto-ack --limit=9 --format='value(message.data.decode(base64))'`,
    );
    expect(rest.trim()).toBe('{"text":"for somebody else"}');
  });

  it('finds each mistake, and its commands mend them all', async () => {
    const { policies } = cloud.iam;
    for (const role of ['roles/run.admin', 'roles/iam.serviceAccountUser']) {
      policies.addBinding(
        '//cloudresourcemanager.googleapis.com/projects/demo-project',
        role,
        cloud.topology.deployer,
      );
    }
    await runLists(mistakes.map((list) => list.map(({ command }) => command)));

    const doctor = await command('doctor', '--json');
    expect(doctor.code).toBe(1);
    const { findings } = JSON.parse(doctor.output) as { findings: Finding[] };
    const expected = [...mistakes.flat().map(({ finding }) => finding), 'ingress'];
    expect(findings.map(({ code }) => code).sort()).toEqual(expected.sort());

    const mends = Map.groupBy(findings, ({ where }) => where.replace(/^service account .*/, ''));
    await runLists([...mends.values()].map((group) => group.flatMap(({ mend }) => mend)));
    // Whom IAM lets in, as an administrator of Cloud Run, proves the last check as well.
    const [smoke, again] = await Promise.all([command('smoke'), command('doctor')]);
    expect(again.output).toContain('✓ Nothing to report');
    expect(smoke.output).toMatch(/It works: 6 checks passed\.\n$/);
  });
});
