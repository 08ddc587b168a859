import type { Forge } from './support/forge.ts';
import { atTheDoor, type HttpAttack, type HttpContext } from './support/http-attack.ts';
import { bearer, type HeaderLine } from './support/requests.ts';
import { type Outcome, refused } from './support/verdicts.ts';

const page = (status: 401 | 403 | 404 | 405) => ({ page: status }) as const;
const strangerToken = (forge: Forge) => forge.token({ claims: { email: 'eve@example.com' } });

/** `Authorization` lines that are no single bearer token; behind the front door, one that it takes. */
const authorizationLines: HttpAttack[] = (
  [
    ['two good tokens', ({ token: t }) => [`Bearer ${t}`, `Bearer ${t}`], refused.several, 401],
    [
      'a good and a hostile one',
      (c) => [`Bearer ${c.token}`, `Bearer ${strangerToken(c.forge)}`],
      refused.several,
      401,
    ],
    [
      'a hostile and a good one',
      (c) => [`Bearer ${strangerToken(c.forge)}`, `Bearer ${c.token}`],
      refused.several,
      401,
    ],
    ['an empty and a good one', ({ token: t }) => ['', `Bearer ${t}`], refused.several, 401],
    ['Basic and Bearer', ({ token: t }) => ['Basic dTpw', `Bearer ${t}`], refused.several, 401],
    [
      'a hundred',
      ({ token: t }) => Array<string>(100).fill(`Bearer ${t.slice(0, 90)}`),
      refused.several,
      401,
    ],
    ['an empty one', () => [''], refused.missing, undefined],
    ['Bearer alone', () => ['Bearer'], refused.malformed, undefined],
    ['Bearer and blanks', () => ['Bearer    '], refused.malformed, undefined],
    ['Basic', () => ['Basic dXNlcjpwYXNzd29yZA=='], refused.missing, undefined],
    ['Basic with a token', ({ token: t }) => [`Basic ${t}`], refused.missing, undefined],
    ['Digest', () => ['Digest username="caller", response="00"'], refused.missing, undefined],
    ['Negotiate', () => ['Negotiate YII='], refused.missing, undefined],
    ['GoogleLogin', ({ token: t }) => [`GoogleLogin auth=${t}`], refused.missing, undefined],
    ['Token', ({ token: t }) => [`Token ${t}`], refused.missing, undefined],
    ['JWT', ({ token: t }) => [`JWT ${t}`], refused.missing, undefined],
    ['DPoP', ({ token: t }) => [`DPoP ${t}`], refused.missing, undefined],
    ['no scheme', ({ token: t }) => [t], refused.missing, undefined],
    ['Bearer:', ({ token: t }) => [`Bearer: ${t}`], refused.missing, undefined],
    ['Bearer=', ({ token: t }) => [`Bearer=${t}`], refused.missing, undefined],
    ['Bearer without a blank', ({ token: t }) => [`Bearer${t}`], refused.missing, undefined],
    ['Bearer and a tab', ({ token: t }) => [`Bearer\t${t}`], refused.missing, undefined],
    [
      'Bearer and a no-break space',
      ({ token: t }) => [`Bearer\xa0${t}`],
      refused.missing,
      undefined,
    ],
    ['"Bearer" in quotes', ({ token: t }) => [`"Bearer" ${t}`], refused.missing, undefined],
    ['Bearer token=', ({ token: t }) => [`Bearer token="${t}"`], refused.malformed, undefined],
    [
      'a token of 9,000 characters',
      ({ forge }) => [`Bearer ${forge.token({ claims: { filler: 'x'.repeat(6_000) } })}`],
      refused.malformed,
      undefined,
    ],
  ] as [string, (context: HttpContext) => string[], Outcome, 401 | undefined][]
).map(([what, lines, direct, status]) => ({
  name: `Authorization: ${what}`,
  bytes: (context) =>
    context.request({
      as: 'nobody',
      headers: [
        ...lines(context).map((value): HeaderLine => ['Authorization', value]),
        ...atTheDoor(context),
      ],
    }),
  direct,
  frontDoor: status === undefined ? direct : page(status),
}));

/** Headers that say who somebody is, or what was meant; anybody can set them, so they mean nothing. */
const claimsOfIdentity: HttpAttack[] = (
  [
    [
      'X-Goog-Authenticated-User-Email',
      'accounts.google.com:caller@demo-project.iam.gserviceaccount.com',
    ],
    ['X-Goog-Authenticated-User-Id', 'accounts.google.com:1'],
    ['X-Apigateway-Api-Userinfo', 'eyJlbWFpbCI6ImNhbGxlciJ9'],
    ['X-Endpoint-Api-Userinfo', 'eyJlbWFpbCI6ImNhbGxlciJ9'],
    ['X-Cloudscheduler', 'true'],
    ['X-Cloudtasks-Queuename', 'default'],
    ['X-Appengine-Inbound-Appid', 'demo-project'],
    ['X-Forwarded-User', 'caller@demo-project.iam.gserviceaccount.com'],
    ['X-Forwarded-Email', 'caller@demo-project.iam.gserviceaccount.com'],
    ['X-Forwarded-Client-Cert', 'By=spiffe://demo-project;Subject="CN=caller"'],
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Forwarded-Host', 'localhost'],
    ['X-Forwarded-Proto', 'https'],
    ['Forwarded', 'for=127.0.0.1;host=localhost'],
    ['X-Real-Ip', '127.0.0.1'],
    ['Remote-User', 'caller'],
    ['From', 'caller@demo-project.iam.gserviceaccount.com'],
    ['X-Original-Url', '/health/live'],
    ['X-Rewrite-Url', '/health/live'],
    ['X-Http-Method-Override', 'GET'],
    ['X-Method-Override', 'GET'],
    ['Metadata-Flavor', 'Google'],
    ['X-Middleware-Subrequest', 'middleware:middleware:middleware:middleware:middleware'],
    ['__proto__', 'authorization'],
    ['Upgrade', 'h2c'],
  ] as [string, string][]
).map(([name, value]) => ({
  name: `${name}: ${value}`,
  bytes: ({ request }) => request({ as: 'nobody', headers: [[name, value]] }),
  direct: refused.missing,
  frontDoor: page(403),
}));

/** A stranger who tries to lose or to change his own token on the way. */
const hopByHop: HttpAttack[] = (
  [
    ['Authorization', refused.missing],
    ['close, Authorization, X-Serverless-Authorization', refused.missing],
    ['Content-Length', refused.stranger],
    ['Host', refused.stranger],
  ] as [string, Outcome][]
).map(([value, frontDoor]) => ({
  name: `Connection: ${value}`,
  bytes: (context) =>
    context.request({
      as: 'nobody',
      headers: [
        ['Connection', value],
        bearer('Authorization', strangerToken(context.forge)),
        ...atTheDoor(context),
      ],
    }),
  direct: refused.stranger,
  frontDoor,
}));

export const httpHeaders: HttpAttack[] = [
  {
    name: 'no credentials at all',
    bytes: ({ request }) => request({ as: 'nobody' }),
    direct: refused.missing,
    frontDoor: page(403),
  },
  ...authorizationLines,
  ...claimsOfIdentity,
  ...hopByHop,
];
