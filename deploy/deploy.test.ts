import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGcloud } from '../tests/support/fake-gcloud.ts';
import { type DeployArguments, UsageError } from './command-line.ts';
import { deploy } from './deploy.ts';
import type { Surroundings } from './run-steps.ts';
import { loadTopology } from './topology.ts';

const options: DeployArguments = {
  project: 'my-project',
  region: 'europe-west1',
  topology: undefined,
  dryRun: false,
  only: [],
  imageTag: undefined,
  deployer: undefined,
  publicCaller: false,
};

let cloud: FakeGcloud;
let output: string[];
let waited: number[];
let interruption: AbortController;
const printed = () => output.join('\n');

beforeEach(() => {
  cloud = new FakeGcloud();
  interruption = new AbortController();
  waited = [];
});

function run(changes: Partial<DeployArguments> = {}): Promise<boolean> {
  output = [];
  let milliseconds = 0;
  const surroundings: Surroundings = {
    gcloud: cloud.run,
    terminal: { print: (line) => output.push(line), paint: (_style, text) => text },
    now: () => {
      milliseconds += 100;
      return milliseconds;
    },
    wait: async (duration) => waited.push(duration),
    signal: interruption.signal,
  };
  const deployment = {
    options: { ...options, ...changes },
    topology: loadTopology(),
    imageTag: 'v1',
  };
  return deploy(deployment, surroundings);
}

describe('a deployment', () => {
  it('makes everything, shows each command, and says what next', async () => {
    expect(await run()).toBe(true);
    expect(cloud.changes.map((command) => command.split(' ').slice(0, 4).join(' '))).toEqual([
      'services enable run.googleapis.com pubsub.googleapis.com',
      'artifacts repositories create services',
      'builds submit . --config=deploy/cloudbuild.yaml',
      'builds submit . --config=deploy/cloudbuild.yaml',
      'iam service-accounts create receiver',
      'iam service-accounts create caller',
      'pubsub topics create events',
      'pubsub subscriptions create events-reader',
      'run deploy receiver --image=europe-west1-docker.pkg.dev/my-project/services/receiver:v1',
      'run deploy caller --image=europe-west1-docker.pkg.dev/my-project/services/caller:v1',
      'run services add-iam-policy-binding receiver',
      'run services add-iam-policy-binding caller',
      'pubsub topics add-iam-policy-binding events',
    ]);
    expect(printed()).toContain(
      'Deploying receiver, caller to my-project (123456789012) in europe-west1, as user:ada@example.com.',
    );
    expect(printed()).toContain(
      '  $ gcloud pubsub topics create events --labels=made-by=npm-run-deploy --project=my-project',
    );
    expect(printed()).toContain('17/17 Let serviceAccount:receiver@my-project');
    expect(printed()).toContain('  | a line of gcloud');
    expect(printed()).toMatch(/ {2}done \(0\.\d s\)/);
    expect(printed()).toContain('Deployed: 13 of 17 steps changed something, 4 were done already.');
    expect(printed()).toContain(
      'curl -H "Authorization: Bearer $(gcloud auth print-identity-token)" https://caller-123456789012.europe-west1.run.app/identity',
    );
    expect(printed()).toMatch(
      /\$ npm run smoke -- --project my-project --region europe-west1\n.*npm run doctor -- .*west1$/,
    );
  });

  it('says what next for the topology that it was given', async () => {
    await run({ topology: 'a topology.json' });
    expect(printed()).toMatch(
      /npm run smoke -- .* --topology 'a topology\.json'\n.*npm run doctor -- .* --topology 'a topo/,
    );
  });

  it('changes nothing the second time, and says so', async () => {
    await run();
    const before = cloud.changes.length;
    expect(await run()).toBe(true);
    expect(cloud.changes).toHaveLength(before);
    expect(printed()).toContain('Nothing to change: all 17 steps were done already.');
    expect(printed()).not.toContain('  done');
  });

  it('grants what the topology grants, and nothing on the project', async () => {
    await run();
    expect(Object.fromEntries(cloud.policies)).toEqual({
      'run services/receiver': [
        {
          role: 'roles/run.invoker',
          members: ['serviceAccount:caller@my-project.iam.gserviceaccount.com'],
        },
      ],
      'run services/caller': [{ role: 'roles/run.invoker', members: ['user:ada@example.com'] }],
      'pubsub topics/events': [
        {
          role: 'roles/pubsub.publisher',
          members: ['serviceAccount:receiver@my-project.iam.gserviceaccount.com'],
        },
      ],
    });
  });

  it('opens the caller to everybody only when told, and warns', async () => {
    await run();
    expect(printed()).not.toMatch(/WARNING|EVERYBODY/);
    await run({ publicCaller: true });
    expect(printed()).toContain(
      'WARNING: everybody on the internet may invoke caller, without a token',
    );
    expect(cloud.policies.get('run services/caller')?.at(-1)?.members).toEqual(['allUsers']);
    expect(cloud.policies.get('run services/receiver')).toHaveLength(1);
  });

  it('closes it again the next time, though nothing else has changed', async () => {
    await run({ publicCaller: true });
    expect(await run()).toBe(true);
    expect(printed()).toContain('Deployed: 1 of 17 steps changed something');
    expect(cloud.policies.get('run services/caller')?.flatMap(({ members }) => members)).toEqual([
      'user:ada@example.com',
    ]);
  });

  it.each([
    ['bindings', 3],
    ['receiver', 6],
    ['apis,registry', 2],
    ['events-reader', 1],
  ])('does only a part: %s', async (only, steps) => {
    await run({ only: only.split(',') });
    expect(printed()).toContain(`1/${steps} `);
    expect(printed()).toContain(`${steps}/${steps} `);
  });

  it('refuses a part that does not exist, before it asks anybody', async () => {
    await expect(run({ only: ['web'] })).rejects.toThrow(UsageError);
    expect(cloud.commands).toEqual([]);
  });

  it('needs an account to act as', async () => {
    cloud.account = undefined;
    await expect(run()).rejects.toThrow('gcloud has no account. Log in: gcloud auth login.');
    expect(await run({ deployer: 'group:team@example.com' })).toBe(true);
    expect(cloud.policies.get('run services/caller')?.[0]?.members).toEqual([
      'group:team@example.com',
    ]);
  });
});

describe('a service of the same name that was there before', () => {
  const theirs = ['run', 'deploy', 'caller', '--image=theirs'];

  it('is not replaced', async () => {
    await cloud.run(theirs);
    expect(await run()).toBe(false);
    expect(cloud.changes.filter((command) => command.startsWith('run deploy caller'))).toEqual([
      theirs.join(' '),
    ]);
    expect(printed()).toContain('Stopped: There is a service caller that npm run deploy has not');
    expect(printed()).toContain('gcloud run services update caller');
    expect(printed()).toContain('Not done:\n  Deploy caller\n');
    expect(printed()).toContain('Not begun:\n  Send every request for caller');
  });

  it('is replaced once somebody has said that it may be', async () => {
    await cloud.run([...theirs, '--update-labels=made-by=npm-run-deploy']);
    expect(await run()).toBe(true);
  });
});

describe('a deployment that fails', () => {
  const message = `PERMISSION_DENIED: Permission 'iam.serviceaccounts.actAs' denied on service account receiver@my-project.iam.gserviceaccount.com (or it may not exist).`;

  it('stops, explains, hides nothing, and goes on when run again', async () => {
    cloud.failures.set('run deploy receiver', message);
    expect(await run()).toBe(false);
    expect(cloud.changes.at(-1)).toMatch(/^run deploy receiver/);
    const end = printed().slice(printed().indexOf('This command failed:'));
    expect(end).toContain('  $ gcloud run deploy receiver \\\n    --image=');
    expect(end).toContain(`gcloud said:\n  ${message}`);
    expect(end).toContain(
      'It means: To let a service run as receiver@my-project.iam.gserviceaccount.com, you must be allowed to act as it.',
    );
    expect(end).toContain('--member=user:ada@example.com --role=roles/iam.serviceAccountUser');
    expect(end).toMatch(/Done now:\n {2}Enable the APIs\n(?: {2}.*\n){7}\n/);
    expect(end).toContain('Failed, and perhaps half done:\n  Deploy receiver');
    expect(end).toMatch(/Not begun:\n {2}Send every request for receiver/);
    expect(end).toContain('Run the same command again to go on');

    cloud.failures.clear();
    expect(await run()).toBe(true);
    expect(cloud.changes.filter((command) => command.startsWith('iam'))).toHaveLength(2);
    expect(printed()).toContain('Deployed: 5 of 17 steps changed something');
  });

  it('explains a project that it may not see, and changes nothing', async () => {
    cloud.failures.set(
      'projects describe',
      'PERMISSION_DENIED: The caller does not have permission',
    );
    expect(await run()).toBe(false);
    expect(printed()).toContain('or there is no such project');
    expect(printed()).toContain('Nothing was changed.');
    expect(cloud.changes).toEqual([]);
  });

  it('does not take a question that is refused for something that is missing', async () => {
    cloud.failures.set('pubsub topics describe', 'PERMISSION_DENIED: not authorized');
    expect(await run()).toBe(false);
    expect(cloud.changes.some((command) => command.startsWith('pubsub'))).toBe(false);
    expect(printed()).toContain('The role for it is roles/pubsub.admin.');
  });

  it('waits while Google does not know a new account yet, for two minutes at most', async () => {
    const start = 'run services add-iam-policy-binding receiver';
    const unknown = 'INVALID_ARGUMENT: Service account caller@x does not exist.';
    cloud.failures.set(start, unknown);
    expect(await run()).toBe(false);
    expect(waited).toEqual(Array.from({ length: 12 }, () => 10_000));
    expect(printed()).toContain('once more in 10 s (12 of 12)');
  });

  it('does not wait for a message that waiting cannot mend', async () => {
    cloud.failures.set('run deploy', 'RESOURCE_EXHAUSTED: Quota exceeded');
    expect(await run()).toBe(false);
    expect(waited).toEqual([]);
  });

  it('begins nothing more after an interruption', async () => {
    interruption.abort();
    expect(await run()).toBe(false);
    expect(cloud.changes).toEqual([]);
    expect(printed()).toContain('You interrupted it.');
  });
});
