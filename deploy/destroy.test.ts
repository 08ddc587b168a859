import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGcloud } from '../tests/support/fake-gcloud.ts';
import { deploy } from './deploy.ts';
import { destroy } from './destroy.ts';
import type { Surroundings } from './run-steps.ts';
import { loadTopology } from './topology.ts';

const options = {
  project: 'my-project',
  region: 'europe-west1',
  topology: undefined,
  dryRun: false,
};
const topology = loadTopology();

let cloud: FakeGcloud;
let output: string[];
const printed = () => output.join('\n');
const surroundings = (): Surroundings => ({
  gcloud: cloud.run,
  terminal: { print: (line) => output.push(line), paint: (_style, text) => text },
  now: () => 0,
  wait: async () => undefined,
  signal: new AbortController().signal,
});

beforeEach(async () => {
  cloud = new FakeGcloud();
  output = [];
  await deploy(
    {
      options: {
        ...options,
        only: [],
        imageTag: 'v1',
        deployer: undefined,
        publicCaller: false,
      },
      topology,
      imageTag: 'v1',
    },
    surroundings(),
  );
});

function run({ yes = false, answer = '' }): Promise<boolean> {
  output = [];
  cloud.commands.length = 0;
  const ask = async (question: string) => {
    output.push(question);
    return answer;
  };
  return destroy({ options: { ...options, yes }, topology, ask }, surroundings());
}

/** The beginning of a command that deploys something else. */
const somebodys = ['run', 'deploy', '--image=elsewhere', '--concurrency=1', '--timeout=1'];

const everything = [
  'run services delete caller',
  'run services delete receiver',
  'pubsub subscriptions delete events-reader',
  'pubsub topics delete events',
  'iam service-accounts delete receiver@my-project.iam.gserviceaccount.com',
  'iam service-accounts delete caller@my-project.iam.gserviceaccount.com',
  'artifacts repositories delete services',
];
const withoutFlags = (commands: readonly string[]) =>
  commands.map((command) => command.replace(/ --.*/, ''));

describe('a removal', () => {
  it('shows the list, and what stays, before it asks for the id of the project', async () => {
    expect(await run({ answer: 'my-project\n' })).toBe(true);
    const [before = ''] = printed().split('Type my-project to delete this:');
    expect(before).toContain(`To be deleted from my-project, for good, with every binding on it:
  service caller
  service receiver
  subscription events-reader, with its messages
  topic events
  account receiver@my-project.iam.gserviceaccount.com
  account caller@my-project.iam.gserviceaccount.com
  repository services, with all its images
`);
    expect(before).toContain('To stay:\n  the APIs that were enabled');
    expect(before).toContain('my-project_europe-west1_cloudbuild');
    expect(withoutFlags(cloud.changes)).toEqual(everything);
    expect(printed()).toContain('Deleted all 7.');
  });

  it.each(['', 'yes', 'my-projec'])('deletes nothing after the answer "%s"', async (answer) => {
    expect(await run({ answer })).toBe(false);
    expect(cloud.changes).toEqual([]);
    expect(printed()).toContain('Nothing was deleted.');
  });

  it('does not ask when told so', async () => {
    expect(await run({ yes: true })).toBe(true);
    expect(printed()).not.toContain('Type my-project');
  });

  it('leaves alone what the topology does not name', async () => {
    cloud.resources.set('pubsub topics/other', {});
    await cloud.run([...somebodys, 'other']);
    await run({ yes: true });
    const left = [...cloud.resources.keys()].filter((key) => !/^(?:api|image)\//.test(key));
    expect(left).toEqual(['pubsub topics/other', 'run services/other']);
  });

  it('leaves alone what it has found there, though the topology names it', async () => {
    await cloud.run([...somebodys, 'caller']);
    const theirs: [string, object][] = [
      ['pubsub topics/events', { labels: { team: 'data' } }],
      ['iam service-accounts/caller', { description: 'Ours since 2019' }],
      ['artifacts repositories/services', {}],
      ['run services/caller', cloud.resources.get('run services/caller') ?? {}],
    ];
    for (const [key, resource] of theirs) cloud.resources.set(key, resource);
    expect(await run({ yes: true })).toBe(true);
    for (const [key] of theirs) expect(cloud.resources.has(key)).toBe(true);
    expect(cloud.changes).toHaveLength(everything.length - theirs.length);
    expect(
      printed(),
    ).toContain(`Not made by npm run deploy (without made-by=npm-run-deploy), so to stay:
  service caller
  topic events
  account caller@my-project.iam.gserviceaccount.com
  repository services, with all its images
`);
  });

  it.each([
    [
      'in another region',
      'caller',
      { 'cloud.googleapis.com/location': 'us-central1' },
      'us-central1',
    ],
    ['that is not in the topology', 'other', {}, 'europe-west1'],
  ])('leaves alone what a service needs %s', async (_title, name, labels, region) => {
    const account = '--service-account=receiver@my-project.iam.gserviceaccount.com';
    await cloud.run([...somebodys, name, account, '--update-labels=made-by=npm-run-deploy']);
    const { metadata } = cloud.resources.get(`run services/${name}`) as { metadata: object };
    Object.assign(metadata, { labels: { 'made-by': 'npm-run-deploy', ...labels } });
    expect(await run({ yes: true })).toBe(true);
    expect(
      withoutFlags(cloud.changes).filter((c) => /topics|subscriptions|accounts/.test(c)),
    ).toEqual([]);
    expect(withoutFlags(cloud.changes)).toContain('run services delete receiver');
    expect(withoutFlags(cloud.changes)).toContain('artifacts repositories delete services');
    expect(printed()).toContain(`Needed by service ${name} in ${region}, so to stay:
  subscription events-reader, with its messages
  topic events
  account receiver@my-project.iam.gserviceaccount.com
  account caller@my-project.iam.gserviceaccount.com
`);
  });

  it('has nothing to do the second time', async () => {
    await run({ yes: true });
    expect(await run({})).toBe(true);
    expect(cloud.changes).toEqual([]);
    expect(printed()).toContain('Nothing is left to delete.');
  });

  it('does not mind if somebody else is faster', async () => {
    cloud.failures.set('pubsub topics delete', 'NOT_FOUND: Resource not found (resource=events).');
    expect(await run({ yes: true })).toBe(true);
    expect(withoutFlags(cloud.changes)).toEqual(everything);
  });

  it('stops at a failure, says what is left, and goes on when run again', async () => {
    cloud.failures.set('pubsub topics delete', 'PERMISSION_DENIED: not authorized');
    expect(await run({ yes: true })).toBe(false);
    expect(printed()).toContain('The role for it is roles/pubsub.admin.');
    expect(printed()).toContain('Deleted:\n  service caller');
    expect(printed()).toContain('Still there, as far as is known:\n  topic events\n  account');
    cloud.failures.clear();
    expect(await run({ yes: true })).toBe(true);
    expect(withoutFlags(cloud.changes)).toEqual(everything.slice(3));
  });

  it('deletes nothing if it cannot see all that is there', async () => {
    cloud.failures.set('artifacts repositories describe', 'PERMISSION_DENIED: not authorized');
    expect(await run({ yes: true })).toBe(false);
    expect(printed()).toContain('The role for it is roles/artifactregistry.admin.');
    expect(printed()).toContain('Nothing was changed.');
    expect(cloud.changes).toEqual([]);
  });
});
