import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { takeInventory } from '../../rehearsal/inventory.ts';
import { processesOf, requireNothingLeft } from '../../rehearsal/nothing-left.ts';
import { postMessage, useTestCloud } from '../support/cloud.ts';
import { startPreparedCloud, topology } from '../support/deployed-by-rest.ts';
import { isInstalled, run } from '../support/program.ts';

const root = join(import.meta.dirname, '../..');
const script = join(root, 'rehearsal/main.ts');
const hasGcloud = isInstalled('gcloud', 'npm run rehearse');

/** A home folder, and a folder for temporary files that shows what a program leaves there. */
function startRehearsal(env: Record<string, string> = {}, args: string[] = []) {
  const home = mkdtempSync(join(tmpdir(), 'rehearse-'));
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const { CLOUDSDK_PYTHON } = process.env;
  const variables = { HOME: home, TMPDIR: temporary, CLOUDSDK_PYTHON, ...env };
  const program = run(script, args, root, variables);
  onTestFinished(() => void program.child.kill('SIGKILL'));
  const left = () => readdirSync(temporary).filter((name) => name.startsWith('local-cloud-'));
  return { ...program, home, left };
}

describe.skipIf(!hasGcloud)('npm run rehearse', () => {
  // Some 150 calls of gcloud, each of which takes half a second where nothing else runs.
  it('succeeds, teaches, and leaves nothing behind', { timeout: 420_000 }, async () => {
    const rehearsal = startRehearsal();
    expect({ code: await rehearsal.ended, output: rehearsal.output() }).toMatchObject({ code: 0 });

    const output = rehearsal.output();
    const [, summary = ''] = output.split('━━ Summary');
    expect(summary.match(/^\d .* ✓ +[\d.]+ s$/gm)).toHaveLength(8);
    expect(summary).toMatch(/\nTotal +✓ +[\d.]+ s\n\nThe local cloud has stopped, .*\n$/);
    for (const part of [
      /│ Deployed: \d+ of \d+ steps changed something/,
      /│ It works: 6 checks passed\.\n/,
      /│ Nothing to change: all \d+ steps were done already\.\n/,
      /"upstream":\{"status":403,.*"answeredBy":"front door"/,
      /"upstream":\{"status":401,"code":"token_audience"/,
      /✓ anonymous → receiver {2}POST \/messages .* through allUsers\n/,
      /│ Deleted all \d+\.\n/,
    ]) {
      expect(output).toMatch(part);
    }
    expect(output.match(/✓ Nothing to report/g)).toHaveLength(4);
    expect(rehearsal.left()).toEqual([]);
    const own = readdirSync(rehearsal.home).filter((name) => name !== '.npm' && name !== 'tmp');
    expect(own).toEqual([]);
  });

  it('ends at once with Ctrl-C, and leaves nothing behind', { timeout: 60_000 }, async () => {
    const rehearsal = startRehearsal();
    await rehearsal.printed(/\$ gcloud /);
    expect(rehearsal.left()).toHaveLength(1);
    rehearsal.child.kill('SIGINT');
    expect(await rehearsal.ended).toBe(130);
    expect(rehearsal.output()).toMatch(/\n✗ Interrupted\.\n[\s\S]*\nTotal +✗ failed/);
    expect(rehearsal.left()).toEqual([]);
  });
});

it.each([
  ['--help', 0],
  ['--project=my-project', 1],
])('with %s, npm run rehearse only says what it is', async (arg, code) => {
  const rehearsal = startRehearsal({}, [arg]);
  expect(await rehearsal.ended).toBe(code);
  expect(rehearsal.output()).toMatch(/^npm run rehearse\n\nA rehearsal: [\s\S]*no options/);
});

describe('without gcloud', () => {
  it('npm run rehearse says in a sentence what to do', async () => {
    const bin = mkdtempSync(join(tmpdir(), 'rehearse-'));
    onTestFinished(() => rmSync(bin, { recursive: true }));
    symlinkSync(process.execPath, join(bin, 'node'));
    const rehearsal = startRehearsal({ PATH: bin });
    expect(await rehearsal.ended).toBe(127);
    expect(rehearsal.output()).toMatch(/^This needs gcloud \(https:.*\n.*rehearse\.test\.ts.*\n$/);
  });

  it('the same calls deploy the pair, and delete all of it', async () => {
    const empty = await useTestCloud({ empty: true });
    const before = await takeInventory(empty.controlUrl);
    const prepared = await startPreparedCloud();
    onTestFinished(() => prepared.stop());
    const { cloud, google, regional } = prepared;
    for (const { name, topic } of topology.subscriptions) {
      await google.ok('PUT', `pubsub.googleapis.com/v1/${name}`, { topic });
    }
    await prepared.deploy();
    expect((await postMessage(cloud)).status).toBe(201);

    const processes = processesOf({ cloud, topology });
    expect(processes).toHaveLength(2);
    await expect(requireNothingLeft({ cloud, before }, [])).rejects.toThrow(
      [
        'This is left:',
        'service receiver',
        'service caller',
        'account receiver@demo-project.iam.gserviceaccount.com',
        'account caller@demo-project.iam.gserviceaccount.com',
        'topic events',
        'subscription events-reader',
        'repository services',
        'serviceAccount:caller@demo-project.iam.gserviceaccount.com has roles/run.invoker on receiver',
        'user:developer@example.com has roles/run.invoker on caller',
        'serviceAccount:receiver@demo-project.iam.gserviceaccount.com has roles/pubsub.publisher on topic events',
      ].join('\n  '),
    );

    const { services, subscriptions, topics, project, region } = topology;
    for (const path of [
      ...services.map(({ name }) => `${regional}/services/${name}`),
      ...[...subscriptions, ...topics].map(({ name }) => `pubsub.googleapis.com/v1/${name}`),
      ...services.map(
        ({ serviceAccount }) =>
          `iam.googleapis.com/v1/projects/${project}/serviceAccounts/${serviceAccount}`,
      ),
      `artifactregistry.googleapis.com/v1/projects/${project}/locations/${region}/repositories/services`,
    ]) {
      await google.ok('DELETE', path);
    }
    await requireNothingLeft({ cloud, before }, processes);
  });
});
