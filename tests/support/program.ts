import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A script in a folder of its own, as npm would run it, with everything that it prints. */
export function run(
  script: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = {},
) {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { PATH, HOME, NODE_COMPILE_CACHE, ...env },
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  return {
    child,
    output: () => output,
    ended: once(child, 'close').then(([code]) => code as number | null),
    /** Resolves when the output matches; fails if the program ends before. */
    printed: (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = () => {
          if (pattern.test(output)) resolve(output);
        };
        listeners.add(look);
        child.once('close', () => reject(new Error(`ended with: ${output}`)));
        look();
      }),
  };
}

/** Whether a program is on this machine; says on one line what is skipped without it. */
export function isInstalled(program: string, skipped: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    process.stdout.write(`skipped, for want of ${program}: ${skipped}\n`);
    return false;
  }
}
