import { expect } from 'vitest';
import { type HttpAttack, httpContext } from './http-attack.ts';
import { judge } from './judge.ts';
import { bearer, type HeaderLine, publishing } from './requests.ts';
import type { Scoreboard } from './scoreboard.ts';
import type { Stage } from './stage.ts';
import type { TokenAttack } from './token-attack.ts';
import { type Outcome, problems } from './verdicts.ts';
import { exchange, type Way } from './wire.ts';

/** Nothing hostile may keep anybody busy for longer; milliseconds. */
const slowestAnswer = 3_000;

/** Carries out attacks on a stage, counts them, and expects of each what holds for all. */
export class Assault {
  readonly #stage: Stage;
  readonly #scores: Scoreboard;

  constructor(stage: Stage, scores: Scoreboard) {
    this.#stage = stage;
    this.#scores = scores;
  }

  /** The same hostile token in every place where a token is looked at. */
  async token(group: string, { token, receiver, frontDoor }: TokenAttack): Promise<void> {
    const [direct, door] = this.#stage.ways.receiver;
    const hostile = token(this.#stage.forge);
    const good = this.#stage.forge.token();
    this.#stage.leaks.sent(hostile);
    this.#stage.leaks.sent(good);
    const send = (way: Way, expected: Outcome, ...credentials: HeaderLine[]) =>
      this.#send(group, way, publishing(way, credentials), { expected });
    const toReceiver = bearer('Authorization', hostile);
    const toDoor = bearer('X-Serverless-Authorization', hostile);

    await send(direct, receiver, toReceiver);
    // The front door is content with its own copy: only the receiver is left to refuse.
    await send(door, receiver, toReceiver, bearer('X-Serverless-Authorization', good));
    if (frontDoor === 'admits') await send(door, receiver, toReceiver, toDoor);
    else await send(door, { page: frontDoor }, bearer('Authorization', good), toDoor);
  }

  /** The same hostile request straight to a service and through its front door. */
  async request(group: string, service: 'receiver' | 'caller', hostile: HttpAttack): Promise<void> {
    for (const way of this.#stage.ways[service]) {
      const expected = way.name === 'direct' ? hostile.direct : hostile.frontDoor;
      await this.requestOn(way, group, service, { ...hostile, expected });
    }
  }

  /** A hostile request on one way; `patient`: however long it takes. */
  async requestOn(
    way: Way,
    group: string,
    service: 'receiver' | 'caller',
    hostile: Pick<HttpAttack, 'bytes' | 'answers' | 'mayBeCutShort'> & {
      expected: Outcome;
      patient?: boolean;
    },
  ): Promise<void> {
    const { forge, leaks } = this.#stage;
    const token = service === 'caller' ? this.#stage.developerToken() : forge.token();
    leaks.sent(token);
    await this.#send(group, way, hostile.bytes(httpContext(way, forge, token)), hostile);
  }

  async #send(
    group: string,
    way: Way,
    bytes: string,
    options: {
      expected: Outcome;
      answers?: number;
      mayBeCutShort?: boolean;
      patient?: boolean;
    },
  ): Promise<void> {
    const { expected, answers: count = 1, mayBeCutShort = false, patient = false } = options;
    const before = this.#stage.published();
    const { answers: received, text, ms, closed } = await exchange(way, bytes);
    const accepted = this.#stage.published() > before;
    const answers = received.filter(({ status }) => status >= 200);
    const worst = Math.max(0, ...answers.map(({ status }) => status));
    this.#scores.add(group, { accepted, status: worst, ms: patient ? 0 : ms });
    const leak = this.#stage.leaks.findIn(text);
    expect({ accepted, closed, leak }).toEqual({ accepted: false, closed: true, leak: undefined });
    if (!patient) expect(ms).toBeLessThan(slowestAnswer);

    if (expected.orCutOff && text === '') return;
    if (mayBeCutShort) expect(answers.length).toBeGreaterThan(0);
    else expect(answers).toHaveLength(count);
    for (const answer of answers) {
      const isEnd = mayBeCutShort && answer.status === 400;
      judge(answer, isEnd ? malformedOn(way) : expected);
    }
  }
}

function malformedOn({ name }: Way): Outcome {
  return name === 'direct' ? problems.badRequest : { page: 400 };
}
