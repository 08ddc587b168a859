import { describe, expect, it } from 'vitest';
import { UsageError } from '../command-line.ts';
import { parseDoctorArguments } from '../doctor/options.ts';
import { parseSmokeArguments } from './options.ts';

const place = ['--project', 'my-project', '--region=europe-west1'];
const found = { project: 'my-project', region: 'europe-west1', topology: undefined };

it('smoke has two minutes of patience, or what it is told', () => {
  expect(parseSmokeArguments(place)).toEqual({ ...found, patienceMs: 120_000 });
  expect(parseSmokeArguments([...place, '--patience', '0', '--topology', 'mine.json'])).toEqual({
    ...{ ...found, topology: 'mine.json' },
    patienceMs: 0,
  });
});

it('doctor reads its options', () => {
  expect(parseDoctorArguments(place)).toEqual({ ...found, deployer: undefined, json: false });
  const more = ['--deployer', 'serviceAccount:ci@p.iam.gserviceaccount.com', '--json'];
  expect(parseDoctorArguments([...place, ...more])).toEqual({
    ...found,
    ...{ deployer: 'serviceAccount:ci@p.iam.gserviceaccount.com', json: true },
  });
});

describe.each([
  ['smoke', parseSmokeArguments],
  ['doctor', parseDoctorArguments],
] as const)('%s', (name, parse) => {
  it('helps', () => expect(parse(['--help'])).toBeUndefined());

  it.each([
    ['no project', ['--region=europe-west1'], '--project is missing.'],
    ['no region', ['--project=my-project'], '--region is missing.'],
    ['an option of others', [...place, '--dry-run'], "Unknown option '--dry-run'"],
    ['a word', [...place, 'now'], "Unexpected argument 'now'"],
  ])('refuses %s, with how it is used', (_title, args, message) => {
    expect(() => parse(args)).toThrow(UsageError);
    expect(() => parse(args)).toThrow(message);
    expect(() => parse(args)).toThrow(`npm run ${name} -- --project PROJECT`);
  });
});

it.each(['-1', 'long', '1.5', ''])('smoke has no patience of %j', (patience) => {
  expect(() => parseSmokeArguments([...place, `--patience=${patience}`])).toThrow(
    '--patience must be seconds, like 120.',
  );
});

it.each(['ada@example.com', 'allUsers', 'user:'])('%j is no deployer', (deployer) => {
  expect(() => parseDoctorArguments([...place, '--deployer', deployer])).toThrow(
    /--deployer .* must be like user:ada@example\.com/,
  );
});
