import { describe, expect, it } from 'vitest';
import { activeIdentity, findTarget, memberOf, TargetError } from './find-target.ts';

const answering = (answer: unknown) => async () => JSON.stringify(answer);

describe('activeIdentity', () => {
  it.each([
    ['the account', { core: { account: 'ada@example.com' } }, 'ada@example.com'],
    [
      'the account that is impersonated',
      {
        core: { account: 'ada@example.com' },
        auth: {
          impersonate_service_account: 'a@p.iam.gserviceaccount.com,b@p.iam.gserviceaccount.com',
        },
      },
      'b@p.iam.gserviceaccount.com',
    ],
  ])('is %s', async (_title, configuration, expected) => {
    expect(await activeIdentity(answering(configuration))).toBe(expected);
  });

  it.each([{}, { core: {} }])('is missing in %j', async (configuration) => {
    await expect(activeIdentity(answering(configuration))).rejects.toThrow(TargetError);
  });
});

describe('memberOf', () => {
  it.each([
    ['ada@example.com', 'user:ada@example.com'],
    ['ci@p.iam.gserviceaccount.com', 'serviceAccount:ci@p.iam.gserviceaccount.com'],
    ['principal://iam.googleapis.com/x/subject/y', 'principal://iam.googleapis.com/x/subject/y'],
  ])('writes %s as %s', (account, expected) => {
    expect(memberOf(account)).toBe(expected);
  });
});

describe('findTarget', () => {
  const place = { project: 'my-project', region: 'europe-west1', deployer: 'user:a@b.c' };

  it('adds the number of the project', async () => {
    const answer = { projectNumber: '123456789012', lifecycleState: 'ACTIVE' };
    expect(await findTarget(answering(answer), place)).toEqual({
      ...place,
      projectNumber: '123456789012',
    });
  });

  it('refuses a project that is being deleted', async () => {
    const answer = { projectNumber: '123456789012', lifecycleState: 'DELETE_REQUESTED' };
    await expect(findTarget(answering(answer), place)).rejects.toThrow(
      'The project my-project is being deleted (DELETE_REQUESTED).',
    );
  });
});
