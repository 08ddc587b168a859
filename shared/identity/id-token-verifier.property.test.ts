import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { audience, createSigningAuthority } from '../../tests/support/signing-authority.ts';
import { createIdTokenVerifier } from './id-token-verifier.ts';
import { IdentityError } from './identity-error.ts';

type Authority = Awaited<ReturnType<typeof createSigningAuthority>>;

let google: Authority;
let stranger: Authority;
beforeAll(async () => {
  google = await createSigningAuthority();
  stranger = await createSigningAuthority();
});

const now = Math.floor(Date.now() / 1_000);
const second = 'https://other';

/** Any UTF-16 unit: half characters, controls and all. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

/** Mostly `good`, so that a token with one fault is the rule rather than one with ten. */
const mostly = <Good, Odd>(good: fc.Arbitrary<Good>, odd: fc.Arbitrary<Odd>) =>
  fc.oneof({ weight: 24, arbitrary: good }, { weight: 1, arbitrary: odd });
const nothing = fc.constant(undefined);
const oddity = fc.oneof(fc.jsonValue({ maxDepth: 1 }), nothing);
/** A whole second about one of the limits. */
const near = (...limits: number[]) =>
  fc
    .tuple(fc.constantFrom(...limits), fc.integer({ min: -2, max: 2 }))
    .map(([a, b]) => now + a + b);
const oddTime = fc.oneof(
  oddity,
  fc.double(),
  near(0).map(String),
  near(0).map((at) => at + 0.5),
);

const header = fc
  .record({
    alg: mostly(fc.constant('RS256'), fc.constantFrom('none', 'HS256', 'RS384', 'rs256', '', 256)),
    typ: mostly(fc.constant('JWT'), fc.constantFrom('jwt', 'at+jwt', undefined, null)),
    kid: mostly(fc.constant('key-1'), fc.constantFrom('key-2', '', '__proto__', '../x', 'a b', 5)),
    extra: mostly(
      fc.constantFrom('', 'x', 'url'),
      fc.constantFrom(
        'jwk',
        'jku',
        'x5u',
        'x5c',
        'x5t',
        'x5t#S256',
        'crit',
        'b64',
        'zip',
        'enc',
        'cty',
      ),
    ),
    value: fc.jsonValue({ maxDepth: 1 }),
  })
  .map(({ extra, value, ...rest }) => ({ ...rest, ...(extra && { [extra]: value }) }));

const claims = fc.record({
  iss: mostly(
    fc.constantFrom('https://accounts.google.com', 'accounts.google.com'),
    fc.oneof(oddity, fc.constantFrom('http://accounts.google.com', 'https://accounts.google.com/')),
  ),
  aud: mostly(
    fc.constantFrom(audience, second),
    fc.oneof(oddity, fc.constantFrom(`${audience}/`, audience.toUpperCase(), [audience])),
  ),
  sub: mostly(fc.string({ minLength: 1, maxLength: 30 }), fc.oneof(oddity, fc.constant(''))),
  iat: mostly(near(-3_000, 0, 0, 28, 30), oddTime),
  exp: mostly(near(600, 600, 3_600, 3_630, -30, 0), oddTime),
  nbf: mostly(fc.oneof(nothing, near(0, 30)), oddTime),
  email: mostly(fc.emailAddress(), oddity),
  email_verified: mostly(fc.constant(true), oddity),
});

const signing = mostly(fc.constant('google'), fc.constantFrom('stranger', 'nobody', 'cut'));

/** The rules of docs and RFCs in other words, on what was put into the token; `undefined` is left out. */
function isGenuine(head: Record<string, unknown>, body: Record<string, unknown>, by: string) {
  const { iss, aud, sub, iat, exp, nbf } = body;
  const forbidden = /^(jwk|jku|x5[uct](#S256)?|crit|b64|zip|enc|cty)$/;
  const isSecond = (at: unknown): at is number =>
    typeof at === 'number' && at % 1 === 0 && at >= 0 && at <= 2 ** 53 - 1;
  if (by !== 'google' || head.alg !== 'RS256' || head.typ !== 'JWT' || head.kid !== 'key-1')
    return false;
  if (Object.keys(head).some((name) => forbidden.test(name))) return false;
  if (iss !== 'accounts.google.com' && iss !== 'https://accounts.google.com') return false;
  if (aud !== audience && aud !== second) return false;
  if (typeof sub !== 'string' || sub.length === 0) return false;
  if (!isSecond(iat) || !isSecond(exp) || !(nbf === undefined || isSecond(nbf))) return false;
  const hasBegun = iat - now < 31 && (nbf ?? 0) - now < 31;
  return hasBegun && now - exp < 30 && exp - iat > 0 && exp - iat < 3_631;
}

function sign(head: object, body: object, by: string): string {
  const token = (by === 'stranger' ? stranger : google).signParts(head, body);
  const [first, middle, signature = ''] = token.split('.');
  if (by === 'nobody') return `${first}.${middle}.${Buffer.alloc(256).toString('base64url')}`;
  return by === 'cut' ? `${first}.${middle}.${signature.slice(0, 340)}` : token;
}

it('accepts what keeps every rule, and nothing else', async () => {
  const verifier = createIdTokenVerifier({
    audiences: [audience, second],
    certificates: { forKey: async () => google.keys },
    now: () => now * 1_000,
  });
  const seen = { accepted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(header, claims, signing, async (head, body, by) => {
      const token = sign(head, body, by);
      const outcome: unknown = await verifier.verify(token).catch((error: unknown) => error);
      if (isGenuine(head, body, by)) {
        seen.accepted += 1;
        expect(outcome).toMatchObject({
          subject: body.sub,
          audience: body.aud,
          issuer: body.iss,
          email: typeof body.email === 'string' ? body.email : undefined,
          emailVerified: body.email_verified === true,
        });
        return;
      }
      seen.refused += 1;
      expect(outcome).toBeInstanceOf(IdentityError);
      const { message, status, cause } = outcome as IdentityError;
      expect([status, cause]).toEqual([401, undefined]);
      for (const part of token.split('.')) expect(message).not.toContain(part);
    }),
    { numRuns: 800 },
  );
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(60);
});

it('refuses every other text with an IdentityError that does not quote it', async () => {
  const verifier = createIdTokenVerifier({
    audiences: [audience],
    certificates: { forKey: async () => google.keys },
  });
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: anyUnit, maxLength: 200 }), async (token) => {
      const outcome: unknown = await verifier.verify(token).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ code: 'token_malformed', status: 401 });
      if (token.length > 40) expect((outcome as Error).message).not.toContain(token);
    }),
    { numRuns: 300 },
  );
});
