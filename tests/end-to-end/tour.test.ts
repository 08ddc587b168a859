import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/tour.md'), 'utf8');

/** A command of the page, and the lines that the page says one will see. */
interface Step {
  heading: string;
  commands: string;
  seen: string[];
}

/** Every sh block, with the text block that follows it. */
function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  let heading = 'before';
  for (const [, title, language, content = ''] of markdown.matchAll(
    /^(?:## (.*)|```(\w+)\n([\s\S]*?)^```)$/gm,
  )) {
    if (title !== undefined) heading = title;
    else if (language === 'sh') steps.push({ heading, commands: content, seen: [] });
    else steps.at(-1)?.seen.push(...content.trimEnd().split('\n'));
  }
  return steps;
}

const steps = stepsOf(page);
const hasGcloud = works('gcloud') && works('curl');
if (!hasGcloud) process.stdout.write('skipped: the tour needs gcloud and curl\n');

it('has ten steps, and each says what to see', () => {
  const headings = [...new Set(steps.map(({ heading }) => heading))];
  expect(headings.filter((heading) => /^\d+\./.test(heading))).toHaveLength(10);
  expect(steps.slice(1).filter(({ seen }) => seen.length === 0)).toEqual([]);
});

describe.skipIf(!hasGcloud)('every command of the tour shows what it says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tour-'));
  let cloud: ChildProcess;
  let outputs: string[] = [];

  beforeAll(async () => {
    const ports = ['caller', 'receiver', 'proxy', 'control'].flatMap((n) => [`--${n}-port`, '0']);
    cloud = spawn(process.execPath, [join(root, 'local-cloud/main.ts'), ...ports], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await ready(cloud);
    const state = JSON.parse(readFileSync(join(folder, '.local-cloud/state.json'), 'utf8'));
    const here = (commands: string) =>
      commands
        .replaceAll('localhost:8080', `localhost:${state.services.caller.localPort}`)
        .replaceAll('localhost:4000', `localhost:${state.control.port}`);
    outputs = await runAll(
      steps.map(({ commands }) => here(commands)),
      folder,
    );
  }, 120_000);
  afterAll(async () => {
    const ended = once(cloud, 'close');
    cloud.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(steps.map((step, index) => ({ ...step, index })).slice(1))(
    '$index: $heading',
    ({ seen, index }) => {
      const output = outputs[index] ?? '';
      let from = 0;
      for (const line of seen) {
        const match = matcherOf(line).exec(output.slice(from));
        expect(match, `${line}\n\nnot in:\n${output.slice(from)}`).not.toBeNull();
        from += (match?.index ?? 0) + (match?.[0].length ?? 0);
      }
    },
  );
});

/** `…` on the page stands for whatever is there. */
function matcherOf(line: string): RegExp {
  return new RegExp(
    line
      .trim()
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*'),
  );
}

/** Runs the commands one after the other in one shell, as a reader would; what each printed. */
async function runAll(commands: readonly string[], cwd: string): Promise<string[]> {
  const mark = '@@ end of a step @@';
  // npm itself runs in the project's folder, where another local cloud may be at work.
  const npm = `npm() { shift; [ "$1" = -s ] && shift; local name=$1; shift; [ "$1" = -- ] && shift
    "${process.execPath}" "${root}/local-cloud/$name.ts" "$@"; }`;
  const script = [npm, ...commands.map((command) => `${command}\necho; echo '${mark}'`)].join('\n');
  const shell = spawn('bash', ['-c', `exec 2>&1\n${script}`], {
    cwd,
    env: {
      HOME: cwd,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      CLOUDSDK_PYTHON: process.env.CLOUDSDK_PYTHON,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  shell.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(shell, 'close');
  return output.split(mark);
}

async function ready(child: ChildProcess): Promise<void> {
  let output = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.includes('Try: ')) resolve();
  });
  child.once('close', () => reject(new Error(`ended with: ${output}`)));
  await promise;
}

function works(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
