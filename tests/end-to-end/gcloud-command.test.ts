import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudForGcloud, startCloudForGcloud } from '../support/gcloud-fixture.ts';
import { isInstalled, run } from '../support/program.ts';

// What npm run gcloud does around gcloud, on a machine that may have none.
const account = (name: string) => `${name}@demo-project.iam.gserviceaccount.com`;
let fixture: CloudForGcloud;
let withoutGcloud: string;
let withGcloud: string;

beforeAll(async () => {
  fixture = await startCloudForGcloud();
  withoutGcloud = join(fixture.folder, 'bin');
  mkdirSync(withoutGcloud);
  for (const program of ['sh', 'bash', 'cat', 'curl', 'env', 'ls']) {
    const path = execFileSync('sh', ['-c', `command -v ${program} || true`])
      .toString()
      .trim();
    if (path.startsWith('/')) symlinkSync(path, join(withoutGcloud, program));
  }
  symlinkSync(process.execPath, join(withoutGcloud, 'node'));
  withGcloud = join(fixture.folder, 'gcloud-bin');
  mkdirSync(withGcloud);
});
afterAll(() => fixture.stop());

/** Runs the command where gcloud is a shell script. */
function gcloudThat(does: string, args: string[] = [], env: Record<string, string> = {}) {
  writeFileSync(join(withGcloud, 'gcloud'), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
  return fixture.gcloudWith({ PATH: `${withGcloud}:${withoutGcloud}`, ...env }, ...args);
}

describe('gcloud gets', () => {
  it('an environment in which nothing is left that leads elsewhere', async () => {
    const { stdout } = await gcloudThat('env', [], { CLOUDSDK_PYTHON: '/usr/bin/python3' });
    const environment = Object.fromEntries(
      stdout.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line)?.slice(1) ?? ['', '']),
    );
    const foreign = Object.entries(fixture.environment)
      .filter(([name]) => !['PATH', 'HOME', 'CLOUDSDK_PYTHON'].includes(name))
      .filter(([name, value]) => environment[name] === value);
    expect(foreign).toEqual([]);
    const ours = Object.keys(fixture.cloud.developerEnvironment);
    const names = Object.keys(environment).filter((name) => /^(CLOUDSDK|GOOGLE)_/.test(name));
    expect(names.filter((name) => !ours.includes(name))).toEqual(['CLOUDSDK_PYTHON']);
    expect(environment).toMatchObject({
      ...fixture.cloud.developerEnvironment,
      HOME: fixture.home,
      CLOUDSDK_PYTHON: '/usr/bin/python3',
    });
  });

  it('its arguments as they are, and the folder where the user is', async () => {
    const args = ['pubsub', '--message=a b', '', '--', '--as', '$HOME'];
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    const { stdout } = await gcloudThat('pwd; for a; do echo "<$a>"; done', args, {
      INIT_CWD: elsewhere,
    });
    rmSync(elsewhere, { recursive: true });
    expect(stdout).toBe(`${elsewhere}\n<pubsub>\n<--message=a b>\n<>\n<-->\n<--as>\n<$HOME>\n`);
  });

  it('the streams, and its exit code is the exit code', async () => {
    writeFileSync(join(withGcloud, 'gcloud'), '#!/bin/sh\ncat; exit 7\n', { mode: 0o755 });
    const child = spawn(process.execPath, [fixture.script], {
      cwd: fixture.folder,
      env: { ...fixture.environment, PATH: `${withGcloud}:${withoutGcloud}` },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end('from stdin');
    const [[code], text] = await Promise.all([once(child, 'close'), child.stdout.toArray()]);
    expect({ code, text: text.join('') }).toEqual({ code: 7, text: 'from stdin' });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', async (signal) => {
    const does = `trap 'echo stopped; kill $!; exit 9' ${signal.slice(3)}; cat <&3 & echo started; wait`;
    writeFileSync(join(withGcloud, 'gcloud'), `#!/bin/bash\nexec 3<&0\n${does}\n`, { mode: 0o755 });
    const gcloud = run(fixture.script, [], fixture.folder, {
      PATH: `${withGcloud}:${withoutGcloud}`,
    });
    await gcloud.printed(/started/);
    gcloud.child.kill(signal);
    expect(await gcloud.ended).toBe(9);
    expect(gcloud.output()).toContain('stopped');
  });

  it('a code of its own when a signal has ended it, as a shell has it', async () => {
    expect((await gcloudThat('kill -9 $$')).code).toBe(128 + 9);
  });
});

describe('--as', () => {
  const show =
    'f=$CLOUDSDK_AUTH_ACCESS_TOKEN_FILE; echo "$f"; ls -l "$f"; cat "$f"; echo; echo "$CLOUDSDK_CORE_ACCOUNT"; echo "$@"';

  it.each([
    [['--as', 'caller'], `serviceAccount:${account('caller')}`],
    [['--as=receiver'], `serviceAccount:${account('receiver')}`],
    [['--as', `serviceAccount:${account('receiver')}`], `serviceAccount:${account('receiver')}`],
    [['--as', 'user:you@example.com'], 'user:you@example.com'],
  ])('%j is that principal, with a token that goes away', async (as, principal) => {
    const { stdout } = await gcloudThat(show, [...as, 'config', 'list']);
    const [file = '', rights, token = '', email, args] = stdout.split('\n');
    expect(rights).toMatch(/^-rw-------/);
    expect({ email, args }).toEqual({ email: principal.split(':')[1], args: 'config list' });
    expect(fixture.cloud.accessTokens.details(token)?.principal).toBe(principal);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    [['--as'], '--as needs a principal'],
    [['--as='], '--as needs a principal'],
    [['--as', 'nobody', 'info'], '--as nobody is nobody: it takes serviceAccount:… or user:…'],
    [['--as', 'toString', 'info'], 'or a service (receiver, caller)'],
    [['info', '--as', 'caller'], '--as goes once, before what gcloud shall do'],
    [['--as', 'caller', '--as=receiver'], '--as goes once, before what gcloud shall do'],
    [['--as', 'group:team@example.com'], 'No token for group:team@example.com: '],
    [['--as', `serviceAccount:${account('none')}`], `${account('none')} does not exist`],
  ])('%j does not run gcloud, and says why in a sentence', async (args, sentence) => {
    const { code, output } = await gcloudThat('echo ran', args);
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(output).toMatch(/^[^\n]+\n$/);
    expect(output).not.toContain('ran\n');
  });
});

it('says so where nothing runs', async () => {
  const nothing = run(fixture.script, ['info'], tmpdir());
  expect(await nothing.ended).toBe(1);
  expect(nothing.output()).toBe('No local cloud is running here. Start one with: npm start\n');
});

describe('without gcloud', () => {
  it('says how to get it', async () => {
    const { code, output } = await fixture.gcloudWith({ PATH: withoutGcloud }, 'compute', 'ssh');
    expect(code).toBe(127);
    expect(output).toMatch(
      /^gcloud is not on the PATH; https:\/\/cloud\.google\.com\/sdk\/docs\/install tells how to get it\./,
    );
    expect(output).toContain('curl ');
  });

  /** Does as the answer tells; what that printed. */
  async function follow(args: readonly string[]) {
    const { output } = await fixture.gcloudWith({ PATH: withoutGcloud }, ...args);
    const commands = output.slice(output.indexOf('eval '));
    // Node 22 calls NODE_USE_ENV_PROXY experimental, on stderr.
    const quiet = { NODE_NO_WARNINGS: '1' };
    const followed = await fixture.shell(commands, { PATH: withoutGcloud, ...quiet });
    expect(followed.code, followed.output).toBe(0);
    return followed.output;
  }

  describe.skipIf(!isInstalled('curl', 'the commands for machines without gcloud'))('curl', () => {
    it.each([
      ['run services * receiver --region=europe-west1', 'roles/run.invoker'],
      ['pubsub topics * events', 'roles/pubsub.publisher'],
      ['pubsub subscriptions * events-reader', 'roles/pubsub.subscriber'],
      [`iam service-accounts * ${account('caller')}`, 'roles/iam.serviceAccountTokenCreator'],
      ['projects * demo-project --condition=None', 'roles/pubsub.viewer'],
    ])('changes a policy: %s', async (command, role) => {
      const change = (verb: string) => command.replace('*', verb).split(' ');
      const binding = ["--member=user:o'neil@example.com", `--role=${role}`];
      const added = JSON.parse(await follow([...change('add-iam-policy-binding'), ...binding]));
      const membersIn = (policy: { bindings?: { role: string; members: string[] }[] }) =>
        policy.bindings?.find((candidate) => candidate.role === role)?.members ?? [];
      expect(membersIn(added)).toContain("user:o'neil@example.com");
      const read = JSON.parse(await follow(change('get-iam-policy')));
      expect(membersIn(read)).toEqual(membersIn(added));
      const removed = JSON.parse(
        await follow([...change('remove-iam-policy-binding'), ...binding]),
      );
      expect(membersIn(removed)).toEqual(
        membersIn(added).filter((member) => member !== "user:o'neil@example.com"),
      );
    });

    it.each([
      ['run services describe receiver', /receiver-123456789012/],
      ['run services list', /caller-123456789012/],
      ['pubsub topics create orders', /topics\/orders/],
      ['pubsub topics list', /topics\/events/],
      ['pubsub subscriptions create orders-reader --topic orders', /subscriptions\/orders-reader/],
      ['pubsub topics publish orders --message hi', /messageIds/],
      ['pubsub subscriptions pull orders-reader --limit=1', /aGk=/],
      ['pubsub topics delete orders', /\{\s*\}/],
      ['iam service-accounts create reader --display-name=Reader', /"Reader"/],
      ['iam service-accounts list', /receiver@/],
      ['--as receiver pubsub topics publish events --message=hi', /messageIds/],
      ['--as caller pubsub topics publish events --message=hi', /PERMISSION_DENIED/],
      [
        'projects add-iam-policy-binding another --member=user:a@b.example --role=roles/viewer',
        /PERMISSION_DENIED/,
      ],
    ])('%s', async (command, expected) => {
      expect(await follow(command.split(' '))).toMatch(expected);
    });
  });
});
