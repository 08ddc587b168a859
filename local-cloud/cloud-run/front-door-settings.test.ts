import { once } from 'node:events';
import { expect, it } from 'vitest';
import { Fixture, host, token } from '../../tests/support/front-door-fixture.ts';
import { frontDoorServices } from './front-door-services.ts';
import type { CloudRunService, Revision } from './service-registry.ts';

const bearer = `Authorization: Bearer ${token()}`;
const ask = (fixture: Fixture, ...lines: string[]) =>
  fixture.raw(['GET /x HTTP/1.1', `Host: ${host}`, ...lines]);

it('internal ingress hides the service from everybody here, whatever they hold', async () => {
  await using fixture = await Fixture.start();
  fixture.settings = { isInternal: true };
  const answer = await ask(fixture, bearer);
  expect(answer.status).toBe(404);
  expect(fixture.seen).toEqual([]);
  expect(fixture.notices).toEqual([
    'receiver takes requests of its VPC network only (ingress), and nothing here comes from one.',
  ]);
});

it('without the check of the invoker everybody gets in, with the headers that they sent', async () => {
  await using fixture = await Fixture.start();
  fixture.settings = { isOpen: true };
  expect((await ask(fixture)).status).toBe(200);
  expect((await ask(fixture, 'Authorization: Bearer of.my.own')).status).toBe(200);
  expect(fixture.seen[1]?.headers.authorization).toEqual(['Bearer of.my.own']);
  expect(fixture.reasons()).toEqual([]);
});

it('a service’s own timeout counts', async () => {
  await using fixture = await Fixture.start({}, (_request, response) => {
    void once(response, 'close');
    fixture.clock.advanceBy(2_000);
  });
  fixture.settings = { requestTimeoutMs: 1_000 };
  expect((await ask(fixture, bearer)).status).toBe(504);
  expect(fixture.notices).toEqual(['receiver did not answer within 1 s.']);
});

it.each([
  [0, 'old'],
  [0.29, 'old'],
  [0.3, 'new'],
  [0.999, 'new'],
])('of a divided traffic %d goes to the %s revision', (random, expected) => {
  const revision = (name: string) => ({ name, spec: { containers: [] } }) as unknown as Revision;
  const service = {
    annotations: {},
    routes: [
      { revision: revision('old'), percent: 30 },
      { revision: revision('new'), percent: 70 },
    ],
  } as unknown as CloudRunService;
  const asked: string[] = [];
  const instanceOf = ({ name }: Revision) => {
    asked.push(name);
    return undefined;
  };
  const [seen] = frontDoorServices([service], { instanceOf }, () => random);
  seen?.instance();
  expect(asked).toEqual([expected]);
});
