import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads process group ids, a line each, until its input ends: that happens when the process that
 * holds the other end of the pipe is gone, however it went. Then it stops the last group, as Cloud
 * Run stops a container. An empty line: nothing to stop.
 */
const script = `while read -r line; do group=$line; done
[ -n "$group" ] || exit 0
kill -s TERM -- "-$group" 2>/dev/null || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do
  sleep 1
  kill -s 0 -- "-$group" 2>/dev/null || exit 0
done
kill -s KILL -- "-$group" 2>/dev/null`;

/**
 * Stops a service even if this process is killed with SIGKILL, which no handler in it could do. A
 * shell waits for its standard input, held open by this process, to end; it has a process group of
 * its own, so that Ctrl-C in a terminal does not end it before its work is done. POSIX only:
 * without a shell (Windows) services are stopped by an orderly stop alone.
 */
export class OrphanGuard {
  readonly #shell: ChildProcess | undefined;

  constructor() {
    if (process.platform === 'win32') return;
    this.#shell = spawn('/bin/sh', ['-c', script], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/bin:/bin' },
    });
    // A guard that cannot be had must not keep the service from running.
    this.#shell.on('error', () => undefined);
    this.#shell.stdin?.on('error', () => undefined);
    this.#shell.unref();
  }

  /** The process group to stop if this process dies; `undefined` for none. */
  watch(processGroup: number | undefined): void {
    this.#shell?.stdin?.write(`${processGroup ?? ''}\n`);
  }

  /** Ends the guard; it stops what it watches unless that was `undefined`. */
  close(): void {
    this.#shell?.stdin?.end();
  }
}
