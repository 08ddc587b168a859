import { describe, expect, it } from 'vitest';
import {
  parseDeployArguments,
  parseDestroyArguments,
  requireNoLostDryRun,
  UsageError,
} from './command-line.ts';

const place = ['--project', 'my-project', '--region', 'europe-west1'];

describe('parseDeployArguments', () => {
  it('has defaults that open nothing', () => {
    expect(parseDeployArguments(place)).toEqual({
      project: 'my-project',
      region: 'europe-west1',
      topology: undefined,
      dryRun: false,
      only: [],
      imageTag: undefined,
      deployer: undefined,
      publicCaller: false,
    });
  });

  it('reads every option', () => {
    const more = ['--only', 'apis,receiver', '--image-tag=v1', '--public-caller', '--dry-run'];
    const others = ['--deployer', 'group:team@example.com', '--topology', 'mine.json'];
    expect(parseDeployArguments([...place, ...more, ...others])).toEqual({
      project: 'my-project',
      region: 'europe-west1',
      topology: 'mine.json',
      dryRun: true,
      only: ['apis', 'receiver'],
      imageTag: 'v1',
      deployer: 'group:team@example.com',
      publicCaller: true,
    });
  });

  it.each([
    ['no project', ['--region', 'europe-west1'], '--project is missing.\n\nnpm run deploy --'],
    ['no region', ['--project', 'my-project'], '--region is missing.'],
    ['unknown option', [...place, '--yes'], "Unknown option '--yes'"],
    ['a word', [...place, 'now'], "Unexpected argument 'now'"],
    ['flags that npm took', ['my-project', 'europe-west1'], '\nIs the -- missing, after the name'],
    [
      'a project number',
      ['--project', '123456789012', '--region', 'europe-west1'],
      '--project "123456789012" must be like my-project.',
    ],
    [
      'a zone',
      ['--project', 'my-project', '--region', 'europe-west1-b'],
      '--region "europe-west1-b" must be like europe-west1.',
    ],
    ['an empty list of parts', [...place, '--only', ''], '--only names nothing.'],
    ['a tag with a slash', [...place, '--image-tag', 'a/b'], '--image-tag "a/b" must be like'],
    [
      'a deployer without kind',
      [...place, '--deployer', 'ada@example.com'],
      '--deployer "ada@example.com" must be like user:ada@example.com.',
    ],
  ])('refuses: %s', (_title, args, message) => {
    expect(() => parseDeployArguments(args)).toThrow(UsageError);
    expect(() => parseDeployArguments(args)).toThrow(message);
  });
});

describe('parseDestroyArguments', () => {
  it('asks unless told otherwise', () => {
    expect(parseDestroyArguments(place)?.yes).toBe(false);
    expect(parseDestroyArguments([...place, '--yes'])?.yes).toBe(true);
  });

  it('knows no options of a deployment', () => {
    expect(() => parseDestroyArguments([...place, '--public-caller'])).toThrow(UsageError);
  });
});

it.each([
  ['deploy', parseDeployArguments],
  ['destroy', parseDestroyArguments],
])('%s --help needs nothing else', (_name, parse) => {
  expect(parse(['--help'])).toBeUndefined();
});

it('a dry run that npm has swallowed is not run for real', () => {
  const npm = { npm_config_dry_run: 'true' };
  expect(() => requireNoLostDryRun(place, npm)).toThrow('Write it after the -- instead');
  expect(() => requireNoLostDryRun([...place, '--dry-run'], npm)).not.toThrow();
  expect(() => requireNoLostDryRun(place, {})).not.toThrow();
});
