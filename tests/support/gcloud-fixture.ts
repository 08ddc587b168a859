import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stateOf } from '../../local-cloud/state-file.ts';
import { startTestCloud } from './cloud.ts';

const localCloud = join(import.meta.dirname, '../../local-cloud');
const script = join(localCloud, 'gcloud.ts');

/** What a developer's shell may have set, and what must not reach the local cloud's gcloud. */
const ownSettings = {
  CLOUDSDK_CONFIG: '/nonexistent',
  CLOUDSDK_ACTIVE_CONFIG_NAME: 'production',
  CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT: 'admin@production.iam.gserviceaccount.com',
  CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: 'https://production.example/',
  CLOUDSDK_AUTH_ACCESS_TOKEN: 'of the developer',
  CLOUDSDK_PROXY_ADDRESS: 'proxy.example',
  CLOUDSDK_CORE_PROJECT: 'production',
  GOOGLE_APPLICATION_CREDENTIALS: '/nonexistent',
  GOOGLE_CLOUD_QUOTA_PROJECT: 'production',
  PUBSUB_EMULATOR_HOST: '127.0.0.1:1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  REQUESTS_CA_BUNDLE: '/nonexistent',
  SSL_CERT_DIR: '/nonexistent',
};

/**
 * A local cloud with the state file that `npm start` writes, and a person's home folder and shell, with a
 * gcloud configuration of their own in it.
 */
export async function startCloudForGcloud() {
  const folder = mkdtempSync(join(tmpdir(), 'gcloud-'));
  const home = join(folder, 'home');
  for (const [name, content] of Object.entries({
    '.config/gcloud/active_config': 'default',
    '.config/gcloud/configurations/config_default':
      '[core]\naccount = me@example.com\nproject = production\n',
    '.config/gcloud/application_default_credentials.json': '{"refresh_token": "of the developer"}',
    '.config/gcloud/credentials.db': 'no database',
    '.boto': '[Credentials]\n',
  })) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  const cloud = await startTestCloud({ folder: join(folder, '.local-cloud') });
  cloud.folder.write('state.json', JSON.stringify(stateOf(cloud)));
  const { PATH, CLOUDSDK_PYTHON } = process.env;
  const environment = { ...ownSettings, PATH, HOME: home, CLOUDSDK_PYTHON };
  const start = (
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>> = {},
  ) => finished(program, args, { cwd: folder, env: { ...environment, ...env } });
  return {
    cloud,
    folder,
    home,
    /** What that shell has set. */
    environment,
    /** What `npm run gcloud -- …` runs. */
    script,
    /** What `npm run gcloud -- …` does, in that shell. */
    gcloud: (...args: string[]) => start(process.execPath, [script, ...args]),
    /** The same with some variables more. */
    gcloudWith: (env: Readonly<Record<string, string | undefined>>, ...args: string[]) =>
      start(process.execPath, [script, ...args], env),
    /** Commands as a person types them, with `npm run …`. */
    shell: (commands: string, env: Readonly<Record<string, string | undefined>> = {}) => {
      // npm itself would run in the project's folder, where another local cloud may be at work.
      const npm = `npm() { shift; [ "$1" = -s ] && shift; local name=$1; shift; [ "$1" = -- ] && shift
        "${process.execPath}" "${localCloud}/$name.ts" "$@"; }`;
      return start('bash', ['-c', `${npm}\n${commands}`], env);
    },
    async stop() {
      await cloud.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type CloudForGcloud = Awaited<ReturnType<typeof startCloudForGcloud>>;

async function finished(program: string, args: readonly string[], options: SpawnOptions) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  return { code: code as number | null, stdout, output };
}

/** Every file of a folder with its content; empty if there is no such folder. */
export function contentOf(folder: string): Record<string, string> {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return Object.fromEntries(
      entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .sort()
        .map((path) => [path, readFileSync(path, 'base64')]),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
