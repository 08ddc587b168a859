import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { indented, shellCommand, shellQuote } from './shell-quote.ts';

describe('shellQuote', () => {
  it.each([
    ['caller', 'caller'],
    ['--region=europe-west1', '--region=europe-west1'],
    ['user:ada@example.com', 'user:ada@example.com'],
    ['', "''"],
    ['two words', "'two words'"],
    ['--display-name=Runs it', "--display-name='Runs it'"],
    ['^|^a,b|c', "'^|^a,b|c'"],
    [`it's $HOME`, `'it'\\''s $HOME'`],
  ])('quotes %j as %s', (argument, expected) => {
    expect(shellQuote(argument)).toBe(expected);
  });

  it('lets the shell fill in the variables that are named, and no others', () => {
    const quoted = shellQuote(`--x=\${NUMBER} \${HOME} $HOME \`id\` "\\`, ['NUMBER']);
    const shown = execFileSync('sh', ['-c', `NUMBER=12; printf %s ${quoted}`], {
      encoding: 'utf8',
    });
    expect(shown).toBe(`--x=12 \${HOME} $HOME \`id\` "\\`);
  });
});

describe('indented', () => {
  it('moves the lines of a command, and not those of a value', () => {
    const command = shellCommand(['gcloud', `--a=one\ntwo\\\nthree`, `--b=${'x'.repeat(100)}`]);
    const shown = execFileSync(
      'sh',
      ['-c', `gcloud() { printf '%s|' "$@"; }; ${indented(command, '    ')}`],
      {
        encoding: 'utf8',
      },
    );
    expect(shown).toBe(`--a=one\ntwo\\\nthree|--b=${'x'.repeat(100)}|`);
    expect(indented(command, '    ')).toContain(' \\\n      --b=x');
  });
});

describe('shellCommand', () => {
  it('gives each flag a line when the command is long', () => {
    const long = 'x'.repeat(100);
    expect(shellCommand(['gcloud', 'run', 'deploy', 'a', `--image=${long}`, '--cpu-boost'])).toBe(
      `gcloud run deploy a \\\n  --image=${long} \\\n  --cpu-boost`,
    );
  });

  it.each([
    [['a', 'b c', '--d=e f', "it's", '', '--g=\n']],
    [['--long=x'.repeat(30), '$(id)', '--a=*', '~', '#', '!']],
  ])('is read by a shell as the same words: %j', (words) => {
    const script = `show() { for word; do printf '%s\\0' "$word"; done; }\nshow ${shellCommand(words)}`;
    const shown = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(shown.split('\0').slice(0, -1)).toEqual(words);
  });
});
