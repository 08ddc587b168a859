import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { shellWith } from './shell.ts';
import { StageError } from './stage.ts';

function startShell() {
  const lines: string[] = [];
  const waiting = new Map<string, () => void>();
  const interruption = new AbortController();
  const terminal = {
    print: (line: string) => {
      lines.push(line);
      waiting.get(line)?.();
    },
    paint: (_style: unknown, text: string) => text,
  };
  const { PATH } = process.env;
  const shell = shellWith(
    { PATH, WORD: 'hello' },
    { folder: tmpdir(), terminal, signal: interruption.signal },
  );
  const printed = (line: string) => new Promise<void>((resolve) => waiting.set(line, resolve));
  return { shell, lines, printed, interrupt: () => interruption.abort() };
}

describe('a command', () => {
  it('is shown, and then what it prints, without colours', async () => {
    const { shell, lines } = startShell();
    const command = `echo "$WORD" &&\n  printf '\\033[1mbold\\033[m\\n\\n' >&2`;
    expect(await shell(command)).toBe('hello\nbold\n');
    expect(lines).toEqual([`  $ ${command.replace('\n', '\n  ')}`, '  │ hello', '  │ bold', '  │']);
  });

  it('may hide lines that matter to no reader, but returns them', async () => {
    const { shell, lines } = startShell();
    const output = await shell('echo a; echo b', { shows: (line) => line === 'b' });
    expect(output).toBe('a\nb');
    expect(lines.slice(1)).toEqual(['  │ b']);
  });

  it('may be meant to fail', async () => {
    expect(await startShell().shell('echo no; exit 3', { exitCode: 3 })).toBe('no');
  });

  it.each([
    ['exit 3', 0, 3],
    ['true', 1, 0],
    ['kill -9 $$', 0, 'SIGKILL'],
  ])('%s is a failure where %i is expected', async (command, exitCode, ended) => {
    const { shell, lines } = startShell();
    const run = shell(`echo hidden; ${command}`, { exitCode, shows: () => false });
    await expect(run).rejects.toThrow(
      new StageError(
        `This command ended with ${ended}, not with ${exitCode}:\n  echo hidden; ${command}`,
      ),
    );
    expect(lines).toContain('  │ hidden');
  });
});

describe('an interruption', () => {
  it('ends the command with all that it has started', async () => {
    const { shell, lines, printed, interrupt } = startShell();
    const started = printed('  │ ready');
    const run = shell('sh -c "echo ready; sleep 60; echo never" & wait');
    // It would not end before whatever holds its output has ended.
    const ended = expect(run).rejects.toThrow(new StageError('Interrupted.'));
    await started;
    interrupt();
    await ended;
    expect(lines).not.toContain('  │ never');
  });

  it('lets no command begin', async () => {
    const { shell, lines, interrupt } = startShell();
    interrupt();
    await expect(shell('echo never')).rejects.toThrow('Interrupted.');
    expect(lines).toEqual([]);
  });
});
