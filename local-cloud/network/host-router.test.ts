import { expect, test } from 'vitest';
import { HostRouter, hostNameOf, type Route } from './host-router.ts';

const route = (): Route => ({ http: () => {} });

test.each([
  ['www.googleapis.com', 'www.googleapis.com'],
  ['WWW.GoogleAPIs.com.', 'www.googleapis.com'],
  ['www.googleapis.com:443', 'www.googleapis.com'],
  ['www.googleapis.com.:443', 'www.googleapis.com'],
  ['', undefined],
  ['[::1]:443', undefined],
  ['a..b', undefined],
  ['user@www.googleapis.com', undefined],
  ['evil.example/www.googleapis.com', undefined],
  ['-a.run.app', undefined],
  [`${'a.'.repeat(127)}com`, undefined],
])('the host name of %j is %j', (authority, name) => {
  expect(hostNameOf(authority)).toBe(name);
});

test('routes by name, by suffix, and by the end of a label', () => {
  const [exact, services, regional] = [route(), route(), route()];
  const router = new HostRouter()
    .add('run.googleapis.com', exact)
    .add('*.run.app', services)
    .add('*-run.googleapis.com', regional);
  expect(router.find('Run.googleapis.com:443')).toBe(exact);
  expect(router.find('receiver-123.europe-west1.run.app')).toBe(services);
  expect(router.find('receiver-abc-ew.a.run.app.')).toBe(services);
  expect(router.find('europe-west1-run.googleapis.com')).toBe(regional);
});

test.each([
  'run.app',
  'evilrun.app',
  'x.y-run.googleapis.com',
  'run.app.evil.example',
  '127.0.0.1',
])('%s has no route', (host) => {
  const router = new HostRouter().add('*.run.app', route()).add('*-run.googleapis.com', route());
  expect(router.find(host)).toBeUndefined();
});

test('a name goes before a pattern, a longer pattern before a shorter one', () => {
  const [short, long, exact] = [route(), route(), route()];
  const router = new HostRouter()
    .add('*.run.app', short)
    .add('*.a.run.app', long)
    .add('x.a.run.app', exact);
  expect(router.find('x.a.run.app')).toBe(exact);
  expect(router.find('y.a.run.app')).toBe(long);
  expect(router.find('y.b.run.app')).toBe(short);
  expect(router.knownHosts()).toEqual(['*.a.run.app', '*.run.app', 'x.a.run.app']);
});

test('refuses a pattern that it cannot understand, and a second route', () => {
  const router = new HostRouter().add('*.run.app', route());
  expect(() => router.add('a.*.app', route())).toThrow('not a host name or pattern');
  expect(() => router.add('*', route())).toThrow('not a host name or pattern');
  expect(() => router.add('*.run.app', route())).toThrow('has a route already');
});
