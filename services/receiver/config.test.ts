import { describe, expect, it } from 'vitest';
import { loadReceiverConfig } from './config.ts';

const good = {
  AUDIENCES:
    'https://receiver-123456789012.europe-west1.run.app, https://receiver-abc-ew.a.run.app',
  ALLOWED_CALLERS: 'caller@demo-project.iam.gserviceaccount.com',
  TOPIC: 'events',
};

it('reads lists with commas', () => {
  expect(
    loadReceiverConfig({
      ...good,
      PORT: '0',
      MAX_IN_FLIGHT: '40',
      K_SERVICE: 'r',
      K_REVISION: 'r-1',
    }),
  ).toEqual({
    port: 0,
    logLevel: 'info',
    maxInFlight: 40,
    service: 'r',
    revision: 'r-1',
    audiences: [
      'https://receiver-123456789012.europe-west1.run.app',
      'https://receiver-abc-ew.a.run.app',
    ],
    allowedCallers: ['caller@demo-project.iam.gserviceaccount.com'],
    topic: 'events',
  });
});

it.each(['events', 'projects/my-project/topics/events', 'projects/example.com:p/topics/a-b_c.d'])(
  'takes the topic %s',
  (TOPIC) => {
    expect(loadReceiverConfig({ ...good, TOPIC }).topic).toBe(TOPIC);
  },
);

describe('refuses in plain words', () => {
  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['no audience', { AUDIENCES: '' }, /AUDIENCES: is required/],
    ['an empty audience', { AUDIENCES: 'https://a,,https://b' }, /AUDIENCES/],
    ['an audience with #', { AUDIENCES: 'https://a#b' }, /AUDIENCES[\s\S]*must not contain/],
    [
      'an audience with &',
      { AUDIENCES: 'https://a,https://a&b' },
      /AUDIENCES, item 2[\s\S]*must not contain/,
    ],
    ['no caller', { ALLOWED_CALLERS: '' }, /ALLOWED_CALLERS: is required/],
    ['only commas', { ALLOWED_CALLERS: ', ,' }, /ALLOWED_CALLERS/],
    ['everybody', { ALLOWED_CALLERS: '*' }, /ALLOWED_CALLERS[\s\S]*e-mail/],
    ['a member', { ALLOWED_CALLERS: 'serviceAccount:a@b.c' }, /ALLOWED_CALLERS[\s\S]*e-mail/],
    ['capitals', { ALLOWED_CALLERS: 'Caller@b.c' }, /ALLOWED_CALLERS[\s\S]*lower case/],
    ['no topic', { TOPIC: undefined }, /TOPIC: is required/],
    ['a topic of Google', { TOPIC: 'google-events' }, /TOPIC: must be the name/],
    ['a subscription', { TOPIC: 'projects/p/subscriptions/s' }, /TOPIC: must be the name/],
  ])('%s', (_name, change, message) => {
    expect(() => loadReceiverConfig({ ...good, ...change })).toThrow(message);
  });
});
