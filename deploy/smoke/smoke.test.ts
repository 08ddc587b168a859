import { beforeEach, describe, expect, it } from 'vitest';
import { identity, page, problem, SmokeWorld } from '../../tests/support/smoke-fixture.ts';

let world: SmokeWorld;
beforeEach(() => {
  world = new SmokeWorld();
});

const foreign = (ackId: string) => ({
  ackId,
  message: { messageId: ackId, data: 'bm8ganNvbg==', attributes: {} },
});

describe('a deployment that works', () => {
  it('passes, and shows each request, the chain, and what was not proven', async () => {
    expect(await world.run()).toBe(true);
    expect(world.checks).toEqual([
      '✓ the chain is as the topology says',
      '✓ 201: events has it as message 17',
      '✓ message 17 came out as it went in',
      '✓ the receiver refuses you (user:ada@example.com): IAM, at the front door (403)',
      '✓ the receiver refuses a call without a token: IAM, at the front door (403)',
      '○ not proven with what you may do: that the receiver refuses a token for another audience',
    ]);
    const text = world.output.join('\n');
    expect(text).toContain(
      '  $ curl -H "Authorization: Bearer $(gcloud auth print-identity-token)" \\\n    https://caller-123456789012.europe-west1.run.app/identity',
    );
    expect(text).toContain(
      'receiver  saw caller@my-project.iam.gserviceaccount.com, runs as recei',
    );
    expect(text).toMatch(/It works: 5 checks passed, 1 not proven\.$/);
    expect(text).not.toContain('token of me');
  });

  it('loses its own message to the test, and no other', async () => {
    world.waiting.push(foreign('a'), foreign('b'));
    await world.run();
    expect(world.commands.filter((command) => command.includes('--ack-ids'))).toEqual([
      'pubsub subscriptions ack events-reader --project=my-project --ack-ids=ours',
      'pubsub subscriptions modify-message-ack-deadline events-reader --project=my-project --ack-ids=a,b --ack-deadline=0',
    ]);
  });

  it('is found behind many messages of others', async () => {
    world.waiting.push(...Array.from({ length: 150 }, (_, index) => foreign(`f${index}`)));
    expect(await world.run()).toBe(true);
    const released = world.commands.filter((command) => command.includes('modify-message'));
    expect(released.join().match(/f\d+/g)).toHaveLength(150);
  });

  it('is tried as a service account with a token for the service', async () => {
    world.member = 'serviceAccount:ci@my-project.iam.gserviceaccount.com';
    expect(await world.run()).toBe(true);
    const tokens = world.commands.filter((command) => command.startsWith('auth '));
    expect(tokens.slice(0, 2)).toEqual([
      'auth print-identity-token --impersonate-service-account=ci@my-project.iam.gserviceaccount.com --audiences=https://caller-123456789012.europe-west1.run.app --include-email',
      'auth print-identity-token --audiences=https://caller-123456789012.europe-west1.run.app',
    ]);
    expect(world.checks.at(-1)).toBe(
      '✓ the receiver refuses a token for another audience: the front door (401)',
    );
  });
});

describe('patience', () => {
  const upstream = { status: 403, code: null, answeredBy: 'front door' };
  const forbidden = { status: 502, code: 'publish_forbidden', answeredBy: 'receiver' };

  it.each([
    [
      'a binding on the caller',
      page(403),
      'IAM does not let user:ada@example.com call the caller (403)',
    ],
    ['an instance to start', page(503), "Cloud Run's front door answered 503"],
    [
      'a binding on the receiver',
      problem(502, 'receiver_refused', { upstream }),
      "IAM does not let the caller's account call the receiver (403)",
    ],
    [
      'a binding on the topic',
      problem(502, 'receiver_refused', { upstream: forbidden }),
      "IAM does not let the receiver's account publish to events",
    ],
    [
      'a dependency',
      problem(503, 'pubsub_unavailable'),
      'the caller answered 503 pubsub_unavailable: It is pubsub_unavailable.',
    ],
  ])('waits for %s', async (_title, trouble, reason) => {
    world.troubles.push(trouble.clone(), trouble.clone());
    expect(await world.run()).toBe(true);
    expect(world.output.filter((line) => line.startsWith('  …'))).toEqual([
      `  … ${reason}. That may take a while: again for 120 s`,
      `  … ${reason}. That may take a while: again for 115 s`,
    ]);
    expect(world.waits).toEqual([5_000, 5_000]);
  });

  it('waits less for a service to appear', async () => {
    world.troubles.push(...Array.from({ length: 9 }, () => page(404)));
    expect(await world.run()).toBe(false);
    expect(world.waits).toEqual([5_000, 5_000, 5_000]);
    expect(world.output.join('\n')).toContain('Is it deployed, in this region');
  });

  it('ends, and says what to do', async () => {
    world.patienceMs = 12_000;
    world.troubles.push(...Array.from({ length: 9 }, () => page(403)));
    expect(await world.run()).toBe(false);
    expect(world.waits).toEqual([5_000, 5_000, 2_000]);
    const text = world.output.join('\n');
    expect(text).toContain('It needs roles/run.invoker on caller. npm run doctor tells');
    // The refusals do not depend on it.
    expect(world.checks).toHaveLength(4);
    expect(text).toMatch(/1 of 4 checks failed, 1 not proven\.$/);
  });

  it.each([
    ['the token', page(401), 'does not accept your token (401)'],
    [
      "the receiver's audience",
      problem(502, 'receiver_refused', { upstream: { ...upstream, status: 401 } }),
      'the caller answered 502 receiver_refused',
    ],
    [
      'the list of callers',
      problem(502, 'receiver_refused', {
        upstream: { status: 403, code: 'caller_not_allowed', answeredBy: 'receiver' },
      }),
      'the caller answered 502 receiver_refused',
    ],
    ['another program', Response.json({ hello: 'world' }), 'something else than who called whom'],
  ])('is not wasted on %s', async (_title, trouble, reason) => {
    world.troubles.push(trouble.clone());
    expect(await world.run()).toBe(false);
    expect(world.waits).toEqual([]);
    expect(world.checks[0]).toMatch(/^✗/);
    expect(world.checks[0]).toContain(reason);
  });
});

describe('a chain that is not as the topology says', () => {
  it('fails, with what is and what should be', async () => {
    world.identity = {
      ...identity,
      caller: { serviceAccount: '123456789012-compute@developer.gserviceaccount.com' },
    };
    expect(await world.run()).toBe(false);
    expect(world.checks[0]).toBe(
      '✗ the caller runs as 123456789012-compute@developer.gserviceaccount.com, not caller@my-project.iam.gserviceaccount.com',
    );
  });
});

describe('a message', () => {
  it('that comes out otherwise than it went in fails', async () => {
    world.onItsWay = (pulled) => [
      {
        ...pulled,
        message: { ...pulled.message, data: Buffer.from('{"text":"x"}').toString('base64') },
      },
    ];
    expect(await world.run()).toBe(false);
    expect(world.checks[2]).toBe('✗ the text is x, not smoke test test-1');
  });

  it('that does not come fails in the end', async () => {
    world.onItsWay = () => [];
    world.waiting.push(foreign('a'));
    expect(await world.run()).toBe(false);
    expect(world.waits.reduce((sum, wait) => sum + wait, 0)).toBe(30_000);
    expect(world.checks[2]).toBe('✗ it did not come; 1 other messages are waiting, and stay there');
  });
});

describe('the receiver', () => {
  it.each<[title: string, who: string, answer: Response, check: RegExp, succeeds: boolean]>([
    ['lets the user in', 'token of me', Response.json({}), /^✗ .* lets in you .*\(200\)/, false],
    [
      'lets the user pass at the front door and refuses itself',
      'token of me',
      problem(403, 'caller_not_allowed'),
      /^✓ .* refuses you .*own code does not \(403 caller_not_allowed\)/,
      true,
    ],
    ['is not there', 'token of me', page(404), /^✗ .* answered you .* with 404, not 403/, false],
    ['breaks', 'token of me', problem(500, 'internal'), /^✗ .* answered you .* 500/, false],
    ['is open to all', 'none', Response.json({}), /^✗ .* lets in a call without a token/, false],
    [
      'is public, and refuses itself',
      'none',
      problem(401, 'missing_token'),
      /^✗ IAM lets everybody call the receiver; only its own code has refused .* \(401\)/,
      false,
    ],
  ])('%s', async (_title, who, answer, check, succeeds) => {
    world.receiverAnswers[who] = () => answer.clone();
    expect(await world.run()).toBe(succeeds);
    expect(world.checks.slice(3)).toContainEqual(expect.stringMatching(check));
  });

  it('has refused a wrong audience when it refuses the token of a person whom IAM lets pass', async () => {
    world.receiverAnswers['token of me'] = () => problem(401, 'token_audience');
    expect(await world.run()).toBe(true);
    expect(world.checks.at(-1)).toBe(
      '✓ the receiver refuses a token for another audience: yours was one (401)',
    );
  });

  it.each([
    [401, /^✓ .* refuses a token for another audience: the front door \(401\)/],
    [200, /^✗ .* answered a token for another audience with 200, not 401/],
  ])("answers %i to a token of the caller's for another audience", async (status, check) => {
    world.mayBorrow = true;
    world.receiverAnswers['token for another'] = () => page(status);
    expect(await world.run()).toBe(status === 401);
    expect(world.checks.at(-1)).toMatch(check);
    expect(world.commands.at(-1)).toContain(
      '--impersonate-service-account=caller@my-project.iam.gserviceaccount.com --audiences=https://another-service.invalid',
    );
  });
});
