import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudForGcloud, startCloudForGcloud } from '../support/gcloud-fixture.ts';
import { isInstalled } from '../support/program.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/other-clients.md'), 'utf8');

/** The blocks in one language below a heading of the page: they are what is run here. */
function blocks(heading: string, language: string): string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const found = section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
  return [...found].map(([, content]) => String(content));
}

let fixture: CloudForGcloud;
beforeAll(async () => {
  fixture = await startCloudForGcloud();
});
afterAll(() => fixture.stop());

/** Runs a program in a terminal with the variables of a service. */
async function asService(service: string, command: string) {
  const { code, output } = await fixture.shell(
    `eval "$(npm run -s env -- ${service})"\n${command}`,
  );
  expect(code, output).toBe(0);
  return output;
}

describe.skipIf(!isInstalled('curl', 'docs/other-clients.md with curl'))('curl', () => {
  const [listTopics = '', callReceiver = ''] = blocks('curl', 'sh');

  it('calls an API with an access token', async () => {
    const { stdout } = await fixture.shell(listTopics);
    expect(JSON.parse(stdout)).toMatchObject({
      topics: [{ name: 'projects/demo-project/topics/events' }],
    });
  });

  it('calls a service with an ID token', async () => {
    const { stdout } = await fixture.shell(callReceiver);
    expect(JSON.parse(stdout)).toMatchObject({
      calledBy: { email: 'caller@demo-project.iam.gserviceaccount.com' },
    });
  });
});

it.skipIf(!isInstalled('gcloud', 'docs/other-clients.md with gcloud'))(
  'gcloud does what the page says',
  async () => {
    const [readPolicy, publish] = await Promise.all(
      blocks('gcloud', 'sh').map((commands) => fixture.shell(commands)),
    );
    expect(readPolicy).toMatchObject({ code: 0, stdout: expect.stringContaining('bindings:') });
    expect(publish).toMatchObject({ code: 0, stdout: expect.stringContaining('messageIds:') });
  },
);

describe('Python', () => {
  const python = pythonOfGcloud();
  const [callReceiver = '', publish = ''] = blocks('Python', 'python');
  const inPython = (service: string, program: string) => {
    const file = join(fixture.folder, 'program.py');
    writeFileSync(file, program);
    return asService(service, `PYTHONPATH='${python?.libraries}' '${python?.path}' '${file}'`);
  };

  it.skipIf(!python)('fetches an ID token from the metadata server and verifies it', async () => {
    const output = await inPython('caller', callReceiver);
    expect(output).toBe('caller@demo-project.iam.gserviceaccount.com\n');
  });

  it.skipIf(!python)('publishes with the access token of its service', async () => {
    expect(await inPython('receiver', publish)).toMatch(/messageIds/);
    expect(await inPython('caller', publish)).toMatch(/PERMISSION_DENIED/);
  });
});

it('Node calls a service with an ID token', async () => {
  const [program = ''] = blocks('Node', 'js');
  // It imports from this project.
  const folder = mkdtempSync(join(root, 'node_modules/.other-clients-'));
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  try {
    expect(await asService('caller', `'${process.execPath}' '${file}'`)).toMatch(
      /email: 'caller@demo-project\.iam\.gserviceaccount\.com'/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The Python that gcloud brings, and the libraries beside it; `undefined` where there is none. */
function pythonOfGcloud(): { path: string; libraries: string } | undefined {
  if (!isInstalled('gcloud', 'docs/other-clients.md with the Python of gcloud')) return undefined;
  const configuration = mkdtempSync(join(tmpdir(), 'other-clients-'));
  try {
    const format = 'value(basic.python_location,installation.sdk_root)';
    const [path = '', sdk = ''] = execFileSync('gcloud', ['info', `--format=${format}`], {
      env: { ...process.env, CLOUDSDK_CONFIG: configuration },
      encoding: 'utf8',
    })
      .trim()
      .split('\t');
    const libraries = join(sdk, 'lib/third_party');
    if (existsSync(path) && existsSync(join(libraries, 'google/oauth2')))
      return { path, libraries };
    process.stdout.write('skipped, for want of google-auth: docs/other-clients.md with Python\n');
    return undefined;
  } finally {
    rmSync(configuration, { recursive: true });
  }
}
