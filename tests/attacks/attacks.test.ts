import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimEncodings } from './claim-encodings.ts';
import { claims } from './claims.ts';
import { httpBodies, unreadBodies } from './http-bodies.ts';
import { malformedRequests } from './http-framing.ts';
import { httpHeaders } from './http-headers.ts';
import { httpRequests } from './http-requests.ts';
import { httpTargets } from './http-targets.ts';
import { identity } from './identity.ts';
import { jwtHeader } from './jwt-header.ts';
import { misplacedTokens } from './misplaced-tokens.ts';
import { signatures } from './signatures.ts';
import { slowSenders } from './slow-senders.ts';
import { Assault } from './support/assault.ts';
import { bearer, publishing } from './support/requests.ts';
import { Scoreboard } from './support/scoreboard.ts';
import { type Stage, startStage } from './support/stage.ts';
import { refused } from './support/verdicts.ts';
import { exchange } from './support/wire.ts';
import { tokenShapes } from './token-shapes.ts';

const scores = new Scoreboard();
let stage: Stage;
let assault: Assault;
/** The slow senders, who are at it while everything else happens. */
let slow: { name: string; outcome: Promise<void> }[];

beforeAll(async () => {
  stage = await startStage();
  assault = new Assault(stage, scores);
  const [direct, door] = stage.ways.receiver;
  slow = slowSenders.flatMap(({ name, bytes, direct: here, frontDoor: there }) => {
    const on = (way: typeof direct, expected: typeof here) => {
      const attack = { bytes, expected, patient: true };
      const outcome = assault.requestOn(way, 'HTTP: slow senders', 'receiver', attack);
      // Looked at later; until then a failure must not count as unhandled.
      outcome.catch(() => {});
      return { name: `${name}, ${way.name}`, outcome };
    };
    return [on(direct, here), ...(there ? [on(door, there)] : [])];
  });
});
afterAll(() => stage.stop());

describe.each([
  ['signatures and algorithms', signatures],
  ['JWT header and shape', [...jwtHeader, ...tokenShapes]],
  ['claims and encodings', [...claims, ...claimEncodings]],
  ['identity', identity],
])('%s', (group, attacks) => {
  it.each(attacks)('$name', (attack) => assault.token(group, attack));
});

describe.each([
  ['HTTP: headers', 'receiver', httpHeaders],
  ['HTTP: misplaced tokens', 'receiver', misplacedTokens],
  ['HTTP: targets and methods', 'receiver', httpTargets],
  ['HTTP: sizes and oddities', 'receiver', httpRequests],
  ['HTTP: malformed', 'receiver', malformedRequests],
  ['HTTP: bodies', 'receiver', httpBodies],
  ['HTTP: bodies of strangers', 'receiver', unreadBodies(refused.missing)],
  ['HTTP: malformed, at the caller', 'caller', malformedRequests],
  ['HTTP: bodies at the caller', 'caller', httpBodies],
] as const)('%s', (group, service, attacks) => {
  it.each(attacks)('$name', (attack) => assault.request(group, service, attack));
});

describe('afterwards', () => {
  it('the slow senders have got an answer, and nothing else', async () => {
    const outcomes = await Promise.allSettled(slow.map(({ outcome }) => outcome));
    const failed = outcomes.flatMap((outcome, at) =>
      outcome.status === 'rejected' ? [`${slow[at]?.name}: ${outcome.reason}`] : [],
    );
    expect(outcomes).toHaveLength(8);
    expect(failed).toEqual([]);
  });

  it('a good request is still served, on both ways', async () => {
    expect(stage.published()).toBe(0);
    for (const way of stage.ways.receiver) {
      const token = stage.forge.token();
      stage.leaks.sent(token);
      const { answers } = await exchange(way, publishing(way, [bearer('Authorization', token)]));
      expect(answers.map(({ status }) => status)).toEqual([201]);
    }
    expect(stage.published()).toBe(2);
  });

  it('nobody has fetched what a token names', async () => {
    expect(stage.canary.visits).toBe(0);
    expect(stage.cloud.notices.filter((notice) => notice.includes('refused a connection'))).toEqual(
      [],
    );
    // That the canary would have noticed.
    await (await fetch(stage.canary.url)).text();
    expect(stage.canary.visits).toBe(1);
  });

  it('no piece of a token is in a line of a service or a notice', async () => {
    // With the services' last lines.
    await stage.stop();
    const records = [...stage.cloud.lines, ...stage.cloud.notices];
    expect(records.length).toBeGreaterThan(1_000);
    expect(records.filter((record) => stage.leaks.findIn(record) !== undefined)).toEqual([]);
  });

  it('the table', () => {
    // biome-ignore lint/suspicious/noConsole: the figures are for whoever runs the suite
    console.log(`\n${scores}\n`);
    expect(scores.total).toMatchObject({ accepted: 0, failures: 0 });
    expect(scores.total.requests).toBeGreaterThan(200);
  });
});
