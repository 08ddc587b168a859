import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTopology } from '../../deploy/topology.ts';
import { postMessage, useTestCloud } from '../support/cloud.ts';
import { lockedPackages, packageName, productionClosure } from '../support/production-packages.ts';
import { runProgram } from '../support/project-program.ts';

/** What the images hold, built as they build it. */
const dist = mkdtempSync(join(tmpdir(), 'bundles-'));
beforeAll(async () => {
  const { code, output } = await runProgram('build.ts', [dist]);
  expect(code, output).toBe(0);
  chmodSync(dist, 0o755);
});
afterAll(() => rmSync(dist, { recursive: true }));

const files = () => readdirSync(dist, { recursive: true }).sort();

/** Node.js that may read everything, and neither write a file nor start a program, thread or add-on. */
const readOnly = '--permission --allow-fs-read=*';
const nowhere = {
  NODE_ENV: 'production',
  NODE_COMPILE_CACHE: join(dist, 'compile-cache'),
  NODE_OPTIONS: readOnly,
  HOME: '/nonexistent',
  TMPDIR: '/nonexistent',
};

it.each(['caller', 'receiver'])(
  'the image of the %s gives Node arguments that it knows',
  (service) => {
    const dockerfile = readFileSync(
      join(import.meta.dirname, `../../Dockerfile.${service}`),
      'utf8',
    );
    const [, command = '[]'] = /^CMD (.+)$/m.exec(dockerfile) ?? [];
    const [program, ...args]: string[] = JSON.parse(command).reverse();
    expect(program).toBe(`dist/${service}.cjs`);
    const { status, stderr } = spawnSync(process.execPath, [...args, '--version']);
    expect([status, String(stderr)]).toEqual([0, '']);
  },
);

it('have no code of a package that is not in the bill of materials', () => {
  const { inputs } = JSON.parse(readFileSync(join(dist, 'metafile.json'), 'utf8'));
  const bundled = new Set<string>();
  for (const file of Object.keys(inputs)) {
    const [path] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
    if (path) bundled.add(`${packageName(path)}@${lockedPackages[path]?.version}`);
    else expect(file).toMatch(/^(services|shared)\//);
  }
  expect(bundled.size).toBeGreaterThan(50);
  const listed = productionClosure();
  expect([...bundled].filter((name) => !listed.has(name))).toEqual([]);
});

it('serve, and stop, where nothing can be written', async () => {
  const before = files();
  const topology = loadTopology();
  for (const service of Object.values(topology.services)) {
    service.environment = { ...service.environment, ...nowhere };
  }
  const cloud = await useTestCloud({
    topology,
    programOf: (image) => join(dist, `${/\/(\w+)[^/]*$/.exec(image)?.[1]}.cjs`),
  });
  const { status, text, body } = await postMessage(cloud);
  expect([status, body?.publishedBy], text).toEqual([
    201,
    'receiver@demo-project.iam.gserviceaccount.com',
  ]);
  await cloud.stop();
  expect(cloud.notices).toEqual([]);
  const written = cloud.lines.filter((line) => /denied|warning|EACCES|EROFS/i.test(line));
  expect(written).toEqual([]);
  expect(cloud.lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^caller: .*"stopped"/),
      expect.stringMatching(/^receiver: .*"stopped"/),
    ]),
  );
  expect(files()).toEqual(before);
});

it('would notice a file that is written there', () => {
  const program = `try { fs.writeFileSync(${JSON.stringify(join(dist, 'x'))}, ''); } catch ({ code }) { console.log(code); }`;
  const output = execFileSync(process.execPath, ['--eval', program], { env: nowhere });
  expect(String(output)).toBe('ERR_ACCESS_DENIED\n');
});

/** Nobody but root can become somebody else. */
const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stdout.write('skipped, for want of root: bundles as another user\n');

describe.skipIf(!isRoot)('as a user without rights, and without HOME', () => {
  it.each([
    ['caller', { RECEIVER_URL: 'https://service.invalid' }],
    [
      'receiver',
      { AUDIENCES: 'https://service.invalid', ALLOWED_CALLERS: 'a@b.example', TOPIC: 'events' },
    ],
  ])('the %s starts, answers and stops', async (name, settings) => {
    const environment = { GCE_METADATA_HOST: '127.0.0.1:9', PORT: '0', ...settings };
    const service = spawn(process.execPath, [join(dist, `${name}.cjs`)], {
      cwd: '/',
      env: { ...environment, NODE_OPTIONS: readOnly },
      uid: 65_532,
      gid: 65_532,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(service, 'exit');
    let live: number | undefined;
    for await (const line of createInterface(service.stdout)) {
      const port = /listening on port (\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      live = (await fetch(`http://127.0.0.1:${port}/health/live`)).status;
      service.kill('SIGTERM');
    }
    expect([live, ...(await exit)]).toEqual([200, 0, null]);
  });
});
