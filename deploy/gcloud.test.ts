import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GcloudError, GcloudMissingError, gcloudOnPath, isNotFound, readJson } from './gcloud.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcloud-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A gcloud on the PATH that does what `program` says. */
function gcloudThat(program: string) {
  writeFileSync(join(folder, 'gcloud'), `#!${process.execPath}\n${program}`, { mode: 0o755 });
  return gcloudOnPath({ PATH: folder, HOME: '/home/ada' });
}

describe('gcloudOnPath', () => {
  it('hands on each argument as it is, and the environment', async () => {
    const gcloud = gcloudThat(
      'const { PATH, ...env } = process.env; console.log(JSON.stringify([process.argv.slice(2), env]))',
    );
    const args = ['a b', "it's", '$HOME', '--x=^|^a,b|c\nd', ''];
    expect(JSON.parse(await gcloud(args))).toEqual([
      args,
      { HOME: '/home/ada', CLOUDSDK_CORE_DISABLE_PROMPTS: '1' },
    ]);
  });

  it('shows the lines of both streams while it runs', async () => {
    const lines: string[] = [];
    const gcloud = gcloudThat('console.log("out"); console.error("err 1\\n\\x1b[1merr\\x1b[m 2")');
    expect(await gcloud([], { onLine: (line) => lines.push(line) })).toBe('out\n');
    expect(lines.sort()).toEqual(['err 1', 'err 2', 'out']);
  });

  it('fails with what gcloud said, without its prefix, and the command to type again', async () => {
    const gcloud = gcloudThat(
      'console.error("WARNING: old\\nERROR: (gcloud.run.deploy) PERMISSION_DENIED: \\x1b[1mno\\x1b[m"); process.exit(1)',
    );
    await expect(gcloud(['run', 'deploy', 'a b'])).rejects.toMatchObject({
      name: 'GcloudError',
      message: 'PERMISSION_DENIED: no',
      command: "gcloud run deploy 'a b'",
    });
  });

  it('says when there is none', async () => {
    await expect(gcloudOnPath({ PATH: '/nonexistent' })([])).rejects.toThrow(GcloudMissingError);
  });

  it('can be interrupted', async () => {
    const gcloud = gcloudThat('console.log("ready"); setInterval(() => {}, 1000)');
    const interruption = new AbortController();
    const running = gcloud([], {
      signal: interruption.signal,
      onLine: () => interruption.abort(),
    });
    await expect(running).rejects.toThrow('Interrupted.');
  });
});

describe('readJson', () => {
  const schema = z.object({ name: z.string() });
  const answering = (text: string) => async () => text;

  it('asks for JSON', async () => {
    const commands: (readonly string[])[] = [];
    const gcloud = async (args: readonly string[]) => {
      commands.push(args);
      return '{"name":"a"}';
    };
    expect(await readJson(gcloud, ['x', 'describe'], schema)).toEqual({ name: 'a' });
    expect(commands).toEqual([['x', 'describe', '--format=json']]);
  });

  it.each([
    ['not JSON', 'hello', 'is not JSON'],
    ['another shape', '{}', 'something unexpected'],
  ])('refuses %s', async (_title, text, message) => {
    await expect(readJson(answering(text), [], schema)).rejects.toThrow(message);
  });
});

describe('isNotFound', () => {
  // As gcloud 528 says it.
  it.each([
    [true, '(gcloud.run.services.describe) Cannot find service [receiver]'],
    [true, '(gcloud.run.services.delete) Service [receiver] could not be found.'],
    [true, '(gcloud.pubsub.topics.describe) NOT_FOUND: Resource not found (resource=events).'],
    [true, '(gcloud.iam.service-accounts.describe) NOT_FOUND: Unknown service account.'],
    [false, '(gcloud.run.services.describe) PERMISSION_DENIED: denied (or it may not exist).'],
    [false, '(gcloud.artifacts.tags.list) UNAVAILABLE'],
  ])('says %s for: %s', (expected, message) => {
    expect(isNotFound(new GcloudError([], `ERROR: ${message}`))).toBe(expected);
  });

  it('leaves other errors alone', () => {
    expect(isNotFound(new Error('NOT_FOUND'))).toBe(false);
  });
});
