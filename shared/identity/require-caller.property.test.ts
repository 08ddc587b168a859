import type { Request, Response } from 'express';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdentityError, tokenRefused } from './identity-error.ts';
import { callerOf, requireCaller } from './require-caller.ts';

const email = 'caller@p.iam.gserviceaccount.com';

/** Takes the word "good" for a token, and says of others whatever `message` is. */
const guardWith = (message: string) =>
  requireCaller({
    verifier: {
      verify: async (token) => {
        if (token !== 'good') throw tokenRefused('token_malformed', message);
        const expiresAt = new Date(0);
        return { subject: '1', email, emailVerified: true, audience: 'a', issuer: 'i', expiresAt };
      },
    },
    allowedCallers: [email],
    realm: 'receiver',
  });

async function judge(values: string[] | undefined, message = 'no') {
  const response = {} as Response;
  const handedOn: unknown[] = [];
  const incoming = { headersDistinct: { authorization: values } } as unknown as Request;
  await guardWith(message)(incoming, response, (error?: unknown) => handedOn.push(error));
  expect(handedOn).toHaveLength(1);
  return { error: handedOn[0], response };
}

/** Any UTF-16 unit: half characters, controls and all. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

/** Every character that Node lets into a header. */
const headerText = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...' \t,;="bearrGOod') },
    fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  ),
});
const nearlyGood = fc
  .tuple(
    fc.mixedCase(fc.constantFrom('bearer', 'bear', 'bearer,', 'basic')),
    fc.constantFrom('', ' ', '   ', '\t', ','),
    fc.constantFrom('good', 'Good', 'good ', 'goo', 'good, Bearer good', '"good"', ''),
  )
  .map((pieces) => pieces.join(''));
const good = fc
  .tuple(fc.mixedCase(fc.constant('bearer')), fc.constantFrom(' ', '    '))
  .map(([scheme, blanks]) => `${scheme}${blanks}good`);
const values = fc.oneof(
  fc.array(good, { minLength: 1, maxLength: 2 }),
  fc.array(fc.oneof(headerText, nearlyGood, good), { maxLength: 3 }),
);

/** RFC 6750 section 2.1 by hand: one scheme, blanks, and the token up to the end. */
function isGood([value = '', ...others]: readonly string[]): boolean {
  const blank = value.indexOf(' ');
  if (others.length > 0 || blank < 0) return false;
  let start = blank;
  while (value[start] === ' ') start += 1;
  return value.slice(0, blank).toUpperCase() === 'BEARER' && value.slice(start) === 'good';
}

it('lets the one good header through, and answers every other with a challenge', async () => {
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(values, async (sent) => {
      const { error, response } = await judge(sent);
      if (isGood(sent)) {
        passed += 1;
        expect(error).toBeUndefined();
        expect(callerOf(response).email).toBe(email);
        return;
      }
      expect(error).toBeInstanceOf(IdentityError);
      const { status, headers } = error as IdentityError;
      expect(status).toBe(sent.length > 1 ? 400 : 401);
      expect(headers['WWW-Authenticate']).toMatch(
        /^Bearer realm="receiver"(?:, error="invalid_|$)/,
      );
      expect(() => callerOf(response)).toThrow();
    }),
    { numRuns: 1_000 },
  );
  expect(passed).toBeGreaterThan(50);
});

it('writes a challenge that nothing in a message breaks out of', async () => {
  const grammar =
    /^Bearer realm="receiver", error="invalid_token", error_description="[\x20-\x21\x23-\x5b\x5d-\x7e]*"$/;
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: anyUnit }), async (message) => {
      const { error } = await judge(['Bearer x'], message);
      expect((error as IdentityError).headers['WWW-Authenticate']).toMatch(grammar);
    }),
    { numRuns: 300 },
  );
});
