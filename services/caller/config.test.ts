import { describe, expect, it } from 'vitest';
import { loadCallerConfig } from './config.ts';

const RECEIVER_URL = 'https://receiver-123456789012.europe-west1.run.app';

it('needs the URL of the receiver and nothing else', () => {
  expect(loadCallerConfig({ RECEIVER_URL })).toEqual({
    port: 8080,
    logLevel: 'info',
    maxInFlight: 1_000,
    service: 'caller',
    revision: undefined,
    receiverUrl: RECEIVER_URL,
    receiverAudience: RECEIVER_URL,
  });
});

it('takes the origin for the audience, and another one if that is set', () => {
  expect(loadCallerConfig({ RECEIVER_URL: `${RECEIVER_URL}/` }).receiverAudience).toBe(
    RECEIVER_URL,
  );
  const RECEIVER_AUDIENCE = 'my-custom-audience';
  expect(loadCallerConfig({ RECEIVER_URL, RECEIVER_AUDIENCE }).receiverAudience).toBe(
    RECEIVER_AUDIENCE,
  );
});

it.each(['http://localhost:8081', 'http://127.0.0.1:8081', 'http://[::1]:8081'])(
  'takes %s',
  (url) => {
    expect(loadCallerConfig({ RECEIVER_URL: url }).receiverUrl).toBe(url);
  },
);

describe('refuses in plain words', () => {
  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['no RECEIVER_URL', {}, /RECEIVER_URL: is required/],
    ['an empty one', { RECEIVER_URL: ' ' }, /RECEIVER_URL: is required/],
    ['a host only', { RECEIVER_URL: 'receiver.run.app' }, /RECEIVER_URL: must be a URL/],
    ['a path', { RECEIVER_URL: `${RECEIVER_URL}/messages` }, /without a path/],
    ['a query', { RECEIVER_URL: `${RECEIVER_URL}?` }, /without a path, a query/],
    ['a password', { RECEIVER_URL: 'https://a:b@receiver.run.app' }, /user name or password/],
    ['http elsewhere', { RECEIVER_URL: 'http://receiver.run.app' }, /must begin with https/],
    [
      'http at a look-alike',
      { RECEIVER_URL: 'http://localhost.evil.com' },
      /must begin with https/,
    ],
    ['another scheme', { RECEIVER_URL: 'ftp://localhost' }, /must begin with https/],
    ['an audience with #', { RECEIVER_URL, RECEIVER_AUDIENCE: 'https://a#b' }, /RECEIVER_AUDIENCE/],
    ['an audience with &', { RECEIVER_URL, RECEIVER_AUDIENCE: 'a&format=x' }, /RECEIVER_AUDIENCE/],
    ['a port that is none', { RECEIVER_URL, PORT: 'eighty' }, /PORT: must be a port number/],
    ['a port too high', { RECEIVER_URL, PORT: '65536' }, /PORT: must be a port number/],
    ['no room at all', { RECEIVER_URL, MAX_IN_FLIGHT: '0' }, /MAX_IN_FLIGHT: must be a whole/],
    ['a log level that is none', { RECEIVER_URL, LOG_LEVEL: 'loud' }, /LOG_LEVEL: must be trace/],
  ])('%s', (_name, environment, message) => {
    expect(() => loadCallerConfig(environment)).toThrow(message);
  });

  it('all faults at once', () => {
    const load = () => loadCallerConfig({ PORT: 'x', LOG_LEVEL: 'y', RECEIVER_AUDIENCE: '#' });
    expect(load).toThrow(/PORT[\s\S]*LOG_LEVEL[\s\S]*RECEIVER_URL[\s\S]*RECEIVER_AUDIENCE/);
  });
});
