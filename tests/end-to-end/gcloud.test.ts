import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postMessage } from '../support/cloud.ts';
import { type CloudForGcloud, contentOf, startCloudForGcloud } from '../support/gcloud-fixture.ts';
import { isInstalled } from '../support/program.ts';

const hasGcloud = isInstalled('gcloud', 'the journey with the real gcloud');
const account = (name: string) => `${name}@demo-project.iam.gserviceaccount.com`;
const receiverUrl = 'https://receiver-123456789012.europe-west1.run.app';
const grants = [
  { resource: ['run', 'services', 'receiver'], role: 'roles/run.invoker', to: 'caller' },
  { resource: ['pubsub', 'topics', 'events'], role: 'roles/pubsub.publisher', to: 'receiver' },
] as const;

// Several calls of gcloud at a second each.
describe.skipIf(!hasGcloud)('the real gcloud', { timeout: 60_000 }, () => {
  let fixture: CloudForGcloud;
  let home: Record<string, string>;
  beforeAll(async () => {
    fixture = await startCloudForGcloud();
    home = contentOf(fixture.home);
  });
  afterAll(() => fixture.stop());

  /** Runs it, and fails if it fails; what it wrote to stdout. */
  const gcloud = async (...args: string[]) => {
    const { code, stdout, output } = await fixture.gcloud(...args);
    expect(code, output).toBe(0);
    return stdout;
  };
  const binding = (
    change: 'add' | 'remove',
    [group, kind, name]: readonly [string, string, string],
    member: string,
    role: string,
  ) =>
    gcloud(
      ...[group, kind, `${change}-iam-policy-binding`, name],
      ...[`--member=${member}`, `--role=${role}`],
    );
  const membersOf = async (role: string, ...command: string[]) => {
    const policy = JSON.parse(await gcloud(...command, '--format=json'));
    const found = policy.bindings?.find((candidate: { role: string }) => candidate.role === role);
    return (found?.members ?? []) as string[];
  };

  it('shows and makes what a project has, as the developer', async () => {
    const outputs = await Promise.all([
      gcloud(
        'run',
        'services',
        'describe',
        'receiver',
        '--format=value(spec.template.spec.serviceAccountName)',
      ),
      gcloud('run', 'services', 'list', '--format=value(metadata.name)'),
      gcloud('iam', 'service-accounts', 'create', 'reader', '--format=value(email)'),
      gcloud('pubsub', 'topics', 'create', 'orders', '--format=value(name)'),
      gcloud('config', 'get', 'account'),
      gcloud('--as', 'caller', 'config', 'get', 'account'),
    ]);
    expect(outputs.map((output) => output.trim().split('\n'))).toEqual([
      [account('receiver')],
      ['caller', 'receiver'],
      [account('reader')],
      ['projects/demo-project/topics/orders'],
      ['developer@example.com'],
      [account('caller')],
    ]);
  });

  it.each(grants)('takes $role away and gives it back, as the remedy says', async (grant) => {
    const { resource, role, to } = grant;
    const member = `serviceAccount:${account(to)}`;
    expect((await postMessage(fixture.cloud)).status).toBe(201);
    const before = fixture.cloud.decisions.since(0).length;
    await binding('remove', resource, member, role);

    const { status, body } = await postMessage(fixture.cloud);
    expect(status).toBe(502);
    expect(body).toMatchObject({ code: 'receiver_refused' });
    if (to === 'caller') {
      expect(body).toMatchObject({ upstream: { status: 403 } });
      expect(body.detail).toMatch(/front door/);
    }
    const refused = fixture.cloud.decisions
      .since(0)
      .slice(before)
      .find(({ decision }) => !decision.allowed && decision.principal === member);
    const remedy = refused?.decision.allowed === false ? refused.decision.remedy : undefined;
    expect(remedy).toContain(`--role=${role}`);

    const { code, output } = await fixture.shell(String(remedy));
    expect(code, output).toBe(0);
    expect((await postMessage(fixture.cloud)).status).toBe(201);
  });

  it('publishes as an account that may, and not as one that may not', async () => {
    const publish = ['pubsub', 'topics', 'publish', 'events', '--message=hi'];
    const [may, mayNot] = await Promise.all([
      fixture.gcloud('--as', 'receiver', ...publish),
      fixture.gcloud(`--as=serviceAccount:${account('caller')}`, ...publish),
    ]);
    expect(may).toMatchObject({ code: 0, stdout: expect.stringContaining('messageIds') });
    expect(mayNot).toMatchObject({
      code: 1,
      output: expect.stringContaining('User not authorized to perform this action.'),
    });
  });

  it('prints an identity token of an account for whoever may create its tokens', async () => {
    const print = [
      ...['auth', 'print-identity-token', `--impersonate-service-account=${account('caller')}`],
      ...[`--audiences=${receiverUrl}`, '--include-email'],
    ];
    const refused = await fixture.gcloud(...print);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('iam.serviceAccounts.getAccessToken');
    await binding(
      'add',
      ['iam', 'service-accounts', account('caller')],
      'user:developer@example.com',
      'roles/iam.serviceAccountTokenCreator',
    );
    const token = (await gcloud(...print)).trim();
    const { stdout } = await fixture.shell(
      `eval "$(npm run -s env)"; curl -s -H 'Authorization: Bearer ${token}' ${receiverUrl}/identity`,
    );
    expect(JSON.parse(stdout)).toMatchObject({ calledBy: { email: account('caller') } });
  });

  it('prints an identity token of the developer, which opens the caller', async () => {
    const token = (await gcloud('auth', 'print-identity-token')).trim();
    const { stdout } = await fixture.shell(
      `eval "$(npm run -s env)"; curl -s -H 'Authorization: Bearer ${token}' "$CALLER_URL/identity"`,
    );
    expect(JSON.parse(stdout)).toHaveProperty('receiver');
  });

  it('needs nothing around it in a terminal with the variables of the developer', async () => {
    const { code, output } = await fixture.shell(
      `eval "$(npm run -s env)"; command gcloud pubsub topics list --format='value(name)'`,
    );
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/^projects\/demo-project\/topics\/\w+\n/),
    });
  });

  it('sees a change at once that takes its time to count', async () => {
    const { cloud } = fixture;
    const [{ resource, role, to }] = grants;
    const member = `serviceAccount:${account(to)}`;
    const settle = (iamPropagationDelaySeconds: number) =>
      fetch(`${cloud.controlUrl}/api/settings`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ iamPropagationDelaySeconds }),
      });
    expect((await settle(60)).status).toBe(200);
    await binding('remove', resource, member, role);
    expect(await membersOf(role, 'run', 'services', 'get-iam-policy', 'receiver')).toEqual([]);
    expect((await postMessage(cloud)).status).toBe(201);
    cloud.clock.advanceBy(60_000);
    expect((await postMessage(cloud)).status).toBe(502);
    expect((await settle(0)).status).toBe(200);
    await binding('add', resource, member, role);
    expect((await postMessage(cloud)).status).toBe(201);
  });

  it('does not write a policy over one that it has not seen', async () => {
    const file = join(fixture.folder, 'policy.json');
    const get = ['pubsub', 'topics', 'get-iam-policy', 'events'];
    writeFileSync(file, await gcloud(...get, '--format=json'));
    const [, { resource, role }] = grants;
    await binding('add', resource, `serviceAccount:${account('caller')}`, role);
    const stale = await fixture.gcloud('pubsub', 'topics', 'set-iam-policy', 'events', file);
    expect(stale.code).toBe(1);
    expect(stale.output).toMatch(/ABORTED|concurrent/);
    expect(await membersOf(role, ...get)).toContain(`serviceAccount:${account('caller')}`);
  });

  it('loses nothing when two write at once', async () => {
    const role = 'roles/pubsub.viewer';
    const members = ['caller', 'receiver'].map((name) => `serviceAccount:${account(name)}`);
    const results = await Promise.all(
      members.map((member) =>
        fixture.gcloud(
          ...['pubsub', 'topics', 'add-iam-policy-binding', 'orders'],
          ...[`--member=${member}`, `--role=${role}`],
        ),
      ),
    );
    // One may have to give up, and says so; none undoes what the other has done.
    const written = members.filter((_, index) => results[index]?.code === 0);
    expect(written.length).toBeGreaterThan(0);
    const found = await membersOf(role, 'pubsub', 'topics', 'get-iam-policy', 'orders');
    expect(found.toSorted()).toEqual(written.toSorted());
    for (const { code, output } of results) if (code !== 0) expect(output).toMatch(/concurrent/);
  });

  it('passes on what gcloud makes of its arguments, and its exit code', async () => {
    const [invalid, version] = await Promise.all([
      fixture.gcloud('pubsub', 'topics', 'describe'),
      fixture.gcloud('--version'),
    ]);
    expect(invalid).toMatchObject({ code: 2, stdout: '' });
    expect(version).toMatchObject({ code: 0, stdout: expect.stringContaining('Google Cloud SDK') });
  });

  it('neither reads nor changes the configuration of the person at the machine', async () => {
    const own = join(homedir(), '.config/gcloud');
    const before = contentOf(own);
    const { code, output } = await fixture.gcloudWith(
      { HOME: homedir() },
      ...['config', 'list', '--format=value(core.project)'],
    );
    expect({ code, output }).toEqual({ code: 0, output: 'demo-project\n' });
    expect(contentOf(own)).toEqual(before);
    // And all that went before has been done with a home folder made for it.
    expect(contentOf(fixture.home)).toEqual(home);
  });

  it('leaves no token behind', () => {
    const files = Object.keys(contentOf(join(fixture.folder, '.local-cloud/gcloud')));
    expect(files.filter((name) => name.includes('token-'))).toEqual([]);
  });
});
