import { expect, it } from 'vitest';
import { startAdminApis } from '../../tests/support/admin-apis-fixture.ts';
import { EnabledApis, ofEnabledApis } from './enabled-apis.ts';

it('a project with nothing in it has what every project has', () => {
  const apis = new EnabledApis('none');
  expect(apis.has('serviceusage.googleapis.com')).toBe(true);
  expect(apis.has('run.googleapis.com')).toBe(false);
  apis.enable(['run.googleapis.com', 'iam.googleapis.com']);
  for (const name of ['run', 'iam', 'iamcredentials']) {
    expect(apis.has(`${name}.googleapis.com`), name).toBe(true);
  }
});

it('a call to an API that is off is refused in Google’s words, and reported', () => {
  const apis = new EnabledApis('none');
  const notices: string[] = [];
  const notify = (sentence: string) => void notices.push(sentence);
  const authenticate = ofEnabledApis(() => 'user:ann@example.com', {
    apis,
    projectNumber: '123456789012',
    notify,
  });
  const call = { service: 'run.googleapis.com', method: 'ListServices' };
  expect(() => authenticate([], call)).toThrow(
    'Cloud Run Admin API has not been used in project 123456789012 before or it is disabled.',
  );
  expect(notices).toEqual([
    'refused ListServices: run.googleapis.com is not enabled; gcloud services enable run.googleapis.com',
  ]);
  apis.enable([call.service]);
  expect(authenticate([], call)).toBe('user:ann@example.com');
});

it('is switched off and on over REST', async () => {
  const { call, apis } = await startAdminApis();
  const url = 'serviceusage.googleapis.com/v1/projects/demo-project/services/run.googleapis.com';
  expect((await call('POST', `${url}:disable`)).body).toMatchObject({ done: true });
  expect(apis.has('run.googleapis.com')).toBe(false);
  expect((await call('GET', url)).body.state).toBe('DISABLED');
  await call('POST', `${url}:enable`);
  expect((await call('GET', url)).body.state).toBe('ENABLED');
  const own = url.replace('run.', 'serviceusage.');
  expect((await call('POST', `${own}:disable`)).status).toBe(400);
});
