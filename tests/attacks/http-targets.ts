import type { HttpAttack } from './support/http-attack.ts';
import { type Outcome, problems, refused } from './support/verdicts.ts';

/** Paths and methods that a router might take for the route, and its guard for another. */
export const httpTargets: HttpAttack[] = (
  [
    ['POST', '/MESSAGES', problems.notFound],
    ['POST', '//messages', problems.notFound],
    ['POST', '/messages/', refused.missing],
    ['POST', '/messages//', problems.notFound],
    ['POST', '/./messages', problems.notFound],
    ['POST', '/health/live/../../messages', problems.notFound],
    ['POST', '/health/..%2fmessages', problems.notFound],
    ['POST', '/messages%00', problems.notFound],
    ['POST', '/messages%2f', problems.notFound],
    ['POST', '/messages;/health/live', problems.notFound],
    ['POST', '/%6dessages', problems.notFound],
    ['POST', '/messages?x=/health/live', refused.missing],
    ['POST', '/messages#/health/live', refused.missing],
    ['POST', '/\\messages', problems.notFound],
    ['POST', '/messages%', problems.notFound],
    ['POST', '/%ff%fe', problems.notFound],
    ['POST', '/identity', problems.method],
    ['POST', '/health/live', problems.method],
    ['POST', '/', problems.notFound],
    ['GET', '/identity', refused.missing],
    ['GET', '/identity/', refused.missing],
    ['GET', '/messages', problems.method],
    ['PUT', '/messages', problems.method],
    ['PATCH', '/messages', problems.method],
    ['DELETE', '/messages', problems.method],
    ['OPTIONS', '/messages', problems.method],
    ['PROPFIND', '/messages', problems.method],
    ['QUERY', '/messages', problems.method],
    ['GET', '/../../etc/passwd', problems.notFound],
    ['GET', '/.env', problems.notFound],
    ['GET', '/__proto__', problems.notFound],
    ['GET', '/debug/pprof', problems.notFound],
  ] as [string, string, Outcome][]
).map(([method, target, direct]) => ({
  name: `${method} ${target}`,
  bytes: ({ request }) => request({ as: 'nobody', method, target }),
  direct,
  frontDoor: { page: 403 },
}));
