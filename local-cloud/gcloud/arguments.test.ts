import { expect, it } from 'vitest';
import { splitArguments } from './arguments.ts';

it.each([
  [[], undefined, []],
  [['info'], undefined, ['info']],
  [['--as', 'caller'], 'caller', []],
  [['--as=user:a@b.example', '--version'], 'user:a@b.example', ['--version']],
  [['--as', 'caller', '--', '--as'], 'caller', ['--', '--as']],
  [['run', 'deploy', '--async'], undefined, ['run', 'deploy', '--async']],
  [['pubsub', '--message=--as x'], undefined, ['pubsub', '--message=--as x']],
])('%j', (args, as, gcloud) => {
  expect(splitArguments(args)).toEqual({ as, gcloud });
});

it('refuses to sign in to Google', () => {
  expect(() => splitArguments(['auth', 'login', '--brief'])).toThrow('signed in already');
});

it.each([[['--as']], [['--as', '']], [['info', '--as', 'x']], [['--as=a', 'info', '--as=b']]])(
  'refuses %j',
  (args) => {
    expect(() => splitArguments(args)).toThrow(/^--as /);
  },
);
