import { atTheDoor, type HttpAttack } from './support/http-attack.ts';
import { bearer } from './support/requests.ts';
import { problems, refused } from './support/verdicts.ts';

const page = (status: 401 | 403) => ({ page: status }) as const;

/** A good token where none is looked for (RFC 6750 section 2 allows two of these; we do not). */
const tokensElsewhere: HttpAttack[] = (
  [
    'Proxy-Authorization',
    'Authentication',
    'X-Authorization',
    'X-Forwarded-Authorization',
    'X-Original-Authorization',
    'X-Goog-Iap-Jwt-Assertion',
    'X-Access-Token',
    'X-Id-Token',
    'X-Amzn-Oidc-Data',
    'Cf-Access-Jwt-Assertion',
    'Authorization_',
    'HTTP_AUTHORIZATION',
  ] as string[]
).map((name) => ({
  name: `a good token in ${name}`,
  bytes: ({ request, token }) => request({ as: 'nobody', headers: [bearer(name, token)] }),
  direct: refused.missing,
  frontDoor: page(403),
}));

const moreTokensElsewhere: HttpAttack[] = [
  {
    name: 'a good token in X-Serverless-Authorization alone',
    bytes: ({ request, token }) =>
      request({ as: 'nobody', headers: [bearer('X-Serverless-Authorization', token)] }),
    direct: refused.missing,
    frontDoor: refused.missing,
  },
  {
    name: 'X-Serverless-Authorization twice',
    bytes: ({ request, token }) =>
      request({
        as: 'nobody',
        headers: [
          bearer('X-Serverless-Authorization', token),
          bearer('X-Serverless-Authorization', token),
        ],
      }),
    direct: refused.missing,
    frontDoor: page(401),
  },
  {
    name: 'a good token in a cookie',
    bytes: ({ request, token }) =>
      request({ as: 'nobody', headers: [['Cookie', `token=${token}; Authorization=${token}`]] }),
    direct: refused.missing,
    frontDoor: page(403),
  },
  ...['access_token', 'id_token', 'token', 'Authorization'].map(
    (name): HttpAttack => ({
      name: `a good token in the query, as ${name}`,
      bytes: ({ request, token }) =>
        request({ as: 'nobody', target: `/messages?${name}=${token}` }),
      direct: refused.missing,
      frontDoor: page(403),
    }),
  ),
  {
    name: 'a good token in a form',
    bytes: ({ request, token }) =>
      request({
        as: 'nobody',
        contentType: 'application/x-www-form-urlencoded',
        body: `access_token=${token}`,
      }),
    direct: refused.missing,
    frontDoor: page(403),
  },
  {
    name: 'a good token in the JSON body',
    bytes: ({ request, token }) =>
      request({ as: 'nobody', body: JSON.stringify({ text: 'a', access_token: token }) }),
    direct: refused.missing,
    frontDoor: page(403),
  },
  {
    name: 'a good token in the path',
    bytes: (context) =>
      context.request({
        as: 'nobody',
        target: `/messages/${context.token}`,
        headers: atTheDoor(context),
      }),
    direct: problems.notFound,
    frontDoor: problems.notFound,
  },
  {
    name: 'a good token as the user agent',
    bytes: ({ request, token }) => request({ as: 'nobody', headers: [['User-Agent', token]] }),
    direct: refused.missing,
    frontDoor: page(403),
  },
  {
    name: 'a good token in a trailer',
    bytes: ({ request, token }) =>
      request({
        as: 'nobody',
        contentLength: undefined,
        headers: [
          ['Transfer-Encoding', 'chunked'],
          ['Trailer', 'Authorization'],
        ],
        body: `2\r\n{}\r\n0\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      }),
    direct: refused.missing,
    frontDoor: page(403),
  },
];

export const misplacedTokens: HttpAttack[] = [...tokensElsewhere, ...moreTokensElsewhere];
