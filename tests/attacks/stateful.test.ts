import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateSigningKey } from '../../local-cloud/tokens/signing-keys.ts';
import { judge } from './support/judge.ts';
import { bearer, publishing } from './support/requests.ts';
import { Scoreboard } from './support/scoreboard.ts';
import { rsa } from './support/signers.ts';
import { type Stage, startStage } from './support/stage.ts';
import { type Outcome, refused } from './support/verdicts.ts';
import { exchange } from './support/wire.ts';

/** What the receiver says while Google cannot tell it which keys are good. */
const outage: Outcome = { status: 503, code: 'certificates_unavailable', challenge: undefined };
/** Unknown keys are asked for at most every five seconds. */
const pause = { timeout: 15_000, interval: 100 };

const scores = new Scoreboard();
let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

/** The answer to a publishable request with this token in `Authorization`, and nothing else. */
async function send(way: 'direct' | 'front door', token: string, service = 'receiver' as const) {
  const [direct, door] = stage.ways[service];
  const path = way === 'direct' ? direct : door;
  const before = stage.published();
  const { answers, text, ms } = await exchange(
    path,
    publishing(path, [bearer('Authorization', token)]),
  );
  stage.leaks.sent(token);
  expect(stage.leaks.findIn(text)).toBeUndefined();
  return { answer: answers[0], accepted: stage.published() > before, ms };
}

/** Expects that a hostile token is refused so. */
async function refuse(group: string, way: 'direct' | 'front door', token: string, as: Outcome) {
  const { answer, accepted, ms } = await send(way, token);
  const isOutage = 'code' in as && as.status === 503;
  scores.add(group, { accepted, status: isOutage ? 0 : (answer?.status ?? 0), ms });
  judge(answer, as);
  expect(accepted).toBe(false);
  expect(ms).toBeLessThan(3_000);
}

const statusOf = async (way: 'direct' | 'front door', token: string) =>
  (await send(way, token)).answer?.status;

it('200 made-up key ids at once cost at most two fetches of certificates', async () => {
  expect(await statusOf('direct', stage.forge.token())).toBe(201);
  const before = stage.cloud.certificates.fetches;
  const published = stage.published();
  const attempts = Array.from({ length: 200 }, async (_, i) => {
    const kid = i.toString(16).padStart(40, '0');
    const token = stage.forge.token({ header: { kid } });
    const [direct] = stage.ways.receiver;
    const { answers, ms } = await exchange(
      direct,
      publishing(direct, [bearer('Authorization', token)]),
    );
    scores.add('unknown keys', { accepted: false, status: answers[0]?.status ?? 0, ms });
    judge(answers[0], refused.signature);
  });
  await Promise.all(attempts);
  const fetches = stage.cloud.certificates.fetches - before;
  expect(fetches).toBeGreaterThanOrEqual(1);
  expect(fetches).toBeLessThanOrEqual(2);
  expect(stage.published()).toBe(published);
  expect(await statusOf('direct', stage.forge.token())).toBe(201);
});

it('a token of one service is worth nothing at another', async () => {
  const [caller, receiver] = ['caller', 'receiver'].map((name) => {
    const account = stage.cloud.topology.services.find((service) => service.name === name);
    return { email: String(account?.serviceAccount), url: String(account?.url) };
  });
  const replays: [Record<string, unknown>, Outcome, Outcome][] = [
    [{ aud: caller?.url }, refused.audience, { page: 401 }],
    [{ email: receiver?.email, sub: '1' }, refused.stranger, { page: 403 }],
    [{ aud: caller?.url, email: 'developer@example.com' }, refused.audience, { page: 401 }],
    [{ aud: 'https://pubsub.googleapis.com/' }, refused.audience, { page: 401 }],
  ];
  for (const [claims, direct, door] of replays) {
    await refuse('replay', 'direct', stage.forge.token({ claims }), direct);
    await refuse('replay', 'front door', stage.forge.token({ claims }), door);
  }
  // And the other way round: what opens the receiver does not open the caller.
  const [, door] = stage.ways.caller;
  const token = bearer('Authorization', stage.forge.token());
  const before = stage.published();
  const { answers, ms } = await exchange(door, publishing(door, [token]));
  const accepted = stage.published() > before;
  scores.add('replay', { accepted, status: answers[0]?.status ?? 0, ms });
  judge(answers[0], { page: 401 });
});

it('an access token of an allowed account is no ID token', async () => {
  const { token } = stage.cloud.accessTokens.issue(
    'serviceAccount:caller@demo-project.iam.gserviceaccount.com',
  );
  await refuse('replay', 'direct', token, refused.malformed);
  await refuse('replay', 'front door', token, { page: 401 });
});

it('a token that was good is refused as soon as it has expired', async () => {
  const { now } = stage.forge;
  // The receiver allows for clocks that are 30 s apart.
  const claims = { iat: now - 3_000, exp: now - 30 + 2 };
  const token = stage.forge.token({ claims });
  expect(await statusOf('direct', token)).toBe(201);
  await expect.poll(() => statusOf('direct', token), pause).toBe(401);
  await refuse('expiry', 'direct', token, refused.expired);
  await refuse('expiry', 'front door', token, { page: 401 });
});

it('documents that are no certificates never replace good ones', async () => {
  const strange = await generateSigningKey(stage.cloud.clock, {
    commonName: 'stranger',
    notAfterMs: Date.now() + 86_400_000,
  });
  const forged = stage.forge.token({
    header: { kid: strange.kid },
    signer: rsa(strange.privateKey),
  });
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const good = { [strange.kid]: strange.certificatePem };
  const json = (document: unknown) => (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  };
  const poisons: ((request: IncomingMessage, response: ServerResponse) => void)[] = [
    json({}),
    json([good]),
    json({ ...good, broken: 'no certificate' }),
    json({ ...good, key: publicKey.export({ type: 'spki', format: 'pem' }) }),
    json({ ...good, filler: 'x'.repeat(70_000) }),
    (_request, response) => response.writeHead(200).end('<html>503</html>'),
    (_request, response) => response.writeHead(203).end(JSON.stringify(good)),
    (_request, response) =>
      response.writeHead(302, { location: `${stage.canary.url}/certs` }).end(),
  ];
  for (const poison of poisons) {
    let served = 0;
    stage.cloud.faults.certificates = (request, response) => {
      served += 1;
      poison(request, response);
      return true;
    };
    // Until it has asked again; that somebody sends unknown keys is what makes it ask.
    await expect
      .poll(async () => {
        await send('direct', forged);
        return served;
      }, pause)
      .toBeGreaterThanOrEqual(1);
    await refuse('poisoned certificates', 'direct', forged, outage);
    expect(await statusOf('direct', stage.forge.token())).toBe(201);
  }
  stage.cloud.faults.certificates = () => false;
  await expect.poll(() => statusOf('direct', forged), pause).toBe(401);
  expect(await statusOf('direct', stage.forge.token())).toBe(201);
  expect(stage.canary.visits).toBe(0);
}, 40_000);

it('after a rotation that withdraws every key, what they have signed is worth nothing', async () => {
  const old = stage.forge.token();
  await stage.cloud.keys.rotate({ abrupt: true });
  const { kid, privateKey } = stage.cloud.keys.current;
  const fresh = () => stage.forge.token({ header: { kid }, signer: rsa(privateKey) });
  await expect.poll(() => statusOf('direct', fresh()), pause).toBe(201);
  expect(await statusOf('front door', fresh())).toBe(201);
  await refuse('rotation', 'direct', old, refused.signature);
  await refuse('rotation', 'front door', old, { page: 401 });
  // The old signature under the new name, and the new one under the old.
  const renamed = stage.forge.token({ header: { kid } });
  await refuse('rotation', 'direct', renamed, refused.signature);
  await refuse('rotation', 'front door', renamed, { page: 401 });
  const misnamed = stage.forge.token({ signer: rsa(privateKey) });
  await refuse('rotation', 'direct', misnamed, refused.signature);
  await refuse('rotation', 'front door', misnamed, { page: 401 });
});

it('nothing of all that is in a line or a notice', async () => {
  await stage.stop();
  const records = [...stage.cloud.lines, ...stage.cloud.notices];
  expect(records.length).toBeGreaterThan(200);
  expect(records.filter((record) => stage.leaks.findIn(record) !== undefined)).toEqual([]);
  // biome-ignore lint/suspicious/noConsole: the figures are for whoever runs the suite
  console.log(`\n${scores}\n`);
  expect(scores.total).toMatchObject({ accepted: 0, failures: 0 });
});
