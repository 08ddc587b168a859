import { describe, expect, it } from 'vitest';
import { type ConditionAttributes, compileCondition } from './compile-condition.ts';
import { InvalidPolicyError } from './policy.ts';

/** A Wednesday; 13:30 in Berlin. */
const time = new Date('2026-11-25T12:30:00Z');
const attributes: ConditionAttributes = {
  request: { time, host: 'receiver-1.europe-west1.run.app', path: '/admin/users' },
  resource: {
    service: 'run.googleapis.com',
    type: 'run.googleapis.com/Service',
    name: 'projects/demo/locations/europe-west1/services/receiver',
  },
};
const compile = (expression: string) => compileCondition({ title: 't', expression });

describe('evaluation', () => {
  it.each<[expression: string, met: boolean]>([
    ['true', true],
    ['request.time < timestamp("2026-12-01T00:00:00Z")', true],
    ['request.time < timestamp("2026-11-25T12:30:00.000Z")', false],
    ['request.time >= timestamp("2026-11-25T13:30:00+01:00")', true],
    ['request.time - duration("24h") > timestamp("2026-11-24T12:00:00Z")', true],
    ['request.time + duration("30m") == timestamp("2026-11-25T13:00:00Z")', true],
    ['request.time.getHours() == 12', true],
    ['request.time.getHours("Europe/Berlin") == 13', true],
    ['request.time.getHours("+05:30") == 18 && request.time.getMinutes("+05:30") == 0', true],
    ['request.time.getDayOfWeek() == 3', true],
    ['request.time.getDayOfMonth() == 24 && request.time.getDate() == 25', true],
    ['request.time.getFullYear() == 2026 && request.time.getMonth() == 10', true],
    ['request.path.startsWith("/admin")', true],
    ['request.path.endsWith("/") || request.path.contains("user")', true],
    ['request.path.matches("^/admin/[a-z]+$")', true],
    ['request.path.matches("^/public")', false],
    ['request.host == "receiver-1.europe-west1.run.app"', true],
    ['resource.service == "run.googleapis.com"', true],
    ['resource.type in ["run.googleapis.com/Service", "run.googleapis.com/Job"]', true],
    ['resource.name.extract("services/{name}") == "receiver"', true],
    ['!resource.name.endsWith("/services/receiver")', false],
    ['has(request.host) ? request.path != "" : false', true],
    ['size(request.path) > 3', true],
  ])('%s: %s', (expression, met) => {
    expect(compile(expression)(attributes)).toEqual({ met });
  });

  it.each<[expression: string, error: RegExp]>([
    ['request.path == "/"', /path/],
    ['request.time.getHours("Nowhere") > 1', /time zone/],
    ['request.time < timestamp("soon")', /timestamp/],
    ['resource.name.extract("x") == ""', /placeholder/],
    ['1 / 0 == 1', /zero/],
    ['resource.name.matches("(" + resource.name)', /regular expression/i],
  ])('%s cannot be evaluated on another resource', (expression, error) => {
    const { request, resource } = attributes;
    const elsewhere = { request: { time: request.time }, resource };
    const result = compile(expression)(elsewhere);
    expect(result).toEqual({ met: false, error: expect.stringMatching(error) });
  });

  it('takes an "or" whose other side cannot be evaluated', () => {
    const either = compile('request.path == "/" || resource.service == "run.googleapis.com"');
    const { resource } = attributes;
    expect(either({ request: { time }, resource })).toEqual({ met: true });
  });

  it('ends a regular expression that would run for ever', () => {
    const condition = compile('request.path.matches("^(a+)+$")');
    const path = `${'a'.repeat(60)}!`;
    const result = condition({ ...attributes, request: { time, path } });
    expect(result).toEqual({ met: false, error: expect.stringContaining('timed out') });
  });
});

describe('what is refused when the policy is set', () => {
  it.each<[title: string, expression: string, message: RegExp]>([
    ['nothing', '', /not valid/],
    ['no CEL', 'request.time <', /not valid: .*at character/],
    ['unknown attribute', 'request.hosts == "a"', /No such key: hosts \(at character 9\)/],
    ['unknown variable', 'user.email == "a"', /Unknown variable: user \(at character 1\)/],
    ['wrong types', 'request.host > 3', /at character/],
    ['no boolean', '1 + 1', /must be true or false, and is of type int/],
    ['macro', '[1, 2].exists(x, x == 1)', /exists\(\) cannot be used/],
    ['binding of variables', 'cel.bind(a, "x", a == a)', /bind\(\) cannot be used/],
    ['unknown function', 'date("2026-01-01") < request.time', /date\(\) cannot be used/],
    ['pattern', 'request.path.matches("(")', /"\(" is not a regular expression/],
    ['13 operators', Array(14).fill('true').join(' && '), /13 logical operators/],
    ['long', `"${'x'.repeat(5000)}" == ""`, /5008 characters/],
    ['deep', `${'('.repeat(500)}true${')'.repeat(500)}`, /not valid/],
    ['long list', `1 in [${Array(200).fill('1').join()}]`, /not valid/],
  ])('%s', (_title, expression, message) => {
    expect(() => compile(expression)).toThrow(InvalidPolicyError);
    expect(() => compile(expression)).toThrow(message);
    expect(() => compile(expression)).toThrow('The condition "t" is not valid');
  });

  it('says it in one line', () => {
    expect(() => compile('request.hosts == "a"')).toThrow(/^[^\n]+$/);
  });
});
