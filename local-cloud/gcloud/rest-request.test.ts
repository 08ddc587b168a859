import { describe, expect, it } from 'vitest';
import { restRequestFor } from './rest-request.ts';

const place = { project: 'p', region: 'r1' };
const pubsub = 'https://pubsub.googleapis.com/v1/projects/p';
const run = 'https://run.googleapis.com/v2/projects/p/locations';

describe('the request of', () => {
  it.each([
    ['run services list', { method: 'GET', url: `${run}/r1/services` }],
    ['run services describe a --region=r2', { method: 'GET', url: `${run}/r2/services/a` }],
    ['run services describe a --region r2', { method: 'GET', url: `${run}/r2/services/a` }],
    [
      '-q pubsub topics list --project=q',
      { method: 'GET', url: `${pubsub.replace(/p$/, 'q')}/topics` },
    ],
    ['--quiet pubsub topics delete t', { method: 'DELETE', url: `${pubsub}/topics/t` }],
    [
      'pubsub subscriptions create s --topic=projects/q/topics/t',
      { method: 'PUT', url: `${pubsub}/subscriptions/s`, body: { topic: 'projects/q/topics/t' } },
    ],
    [
      'pubsub subscriptions pull s --limit=5 --format=json',
      { method: 'POST', url: `${pubsub}/subscriptions/s:pull`, body: { maxMessages: 5 } },
    ],
    [
      'projects get-iam-policy q',
      {
        method: 'POST',
        url: 'https://cloudresourcemanager.googleapis.com/v1/projects/q:getIamPolicy',
      },
    ],
  ])('%s', (command, request) => {
    expect(restRequestFor(command.split(' '), place)).toEqual({ kind: 'call', ...request });
  });

  it.each([
    '',
    'info',
    'compute instances list',
    'pubsub topics',
    'pubsub topics create',
    'run services create a',
    'pubsub subscriptions pull s --auto-ack',
    'projects add-iam-policy-binding p --member=user:a@b.example --role=roles/viewer --condition=expression=true',
    'run services add-iam-policy-binding a --role=roles/run.invoker',
    'toString toString list',
  ])('%j is not known', (command) => {
    expect(restRequestFor(command.split(' '), place)).toBeUndefined();
  });
});
