import { expect, it } from 'vitest';
import {
  callerEmail,
  Fixture,
  host,
  resource,
  token,
} from '../../tests/support/front-door-fixture.ts';

const member = `serviceAccount:${callerEmail}`;
const role = 'roles/run.invoker';

it.each<[expression: string, path: string, status: number]>([
  ['request.path.startsWith("/messages")', '/messages?text=a', 200],
  ['request.path.startsWith("/messages")', '/admin?path=/messages', 403],
  ['request.path == "/messages"', '/messages?text=a', 200],
  [`request.host == "${host}"`, '/', 200],
  ['request.host == "example.com"', '/', 403],
  ['request.path.size() > 3', '/messages', 200],
])('the condition %s for %s: %i', async (expression, path, status) => {
  await using fixture = await Fixture.start();
  const { policies } = fixture.iam;
  policies.removeBinding(resource, role, member);
  policies.addBinding(resource, role, member, { title: 'c', expression });
  const request = [`GET ${path} HTTP/1.1`, `Host: ${host.toUpperCase()}.:443`];
  const answer = await fixture.raw([...request, `Authorization: Bearer ${token()}`]);
  expect(answer.status).toBe(status);
});

it('tells the condition that kept a request out', async () => {
  await using fixture = await Fixture.start();
  const { policies } = fixture.iam;
  policies.removeBinding(resource, role, member);
  policies.addBinding(resource, role, member, { title: 'home', expression: 'request.path == "/"' });
  await fixture.get([`Authorization: Bearer ${token()}`], '/other');
  expect(fixture.reasons()).toEqual([
    expect.stringContaining('but its condition "home" (request.path == "/") is false'),
  ]);
});
