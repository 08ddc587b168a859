import { OAuth2Client } from 'google-auth-library';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { AdjustableClock } from '../../local-cloud/clock.ts';
import { generateSigningKey, type SigningKey } from '../../local-cloud/tokens/signing-keys.ts';
import { IdTokens } from './id-tokens.ts';

const audience = 'https://receiver.bench.run.app';
const email = 'caller@bench-project.iam.gserviceaccount.com';
let key: SigningKey;

beforeAll(async () => {
  const clock = new AdjustableClock();
  key = await generateSigningKey(clock, {
    commonName: 'test',
    notAfterMs: clock.now() + 86_400_000,
  });
});

afterEach(() => void vi.useRealTimers());

function verify(token: string) {
  return new OAuth2Client().verifySignedJwtWithCertsAsync(
    token,
    { [key.kid]: key.certificatePem },
    audience,
    ['https://accounts.google.com'],
  );
}

it("are genuine to Google's own library", async () => {
  const token = await new IdTokens(key).token(email, audience, 3_600);
  const payload = (await verify(token)).getPayload();
  expect(payload).toMatchObject({ aud: audience, email, email_verified: true });
});

it('are given again until three quarters of their life are over', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_795_000_000_900 });
  const tokens = new IdTokens(key);
  const first = await tokens.token(email, audience, 4);
  vi.setSystemTime(1_795_000_002_999);
  expect(await tokens.token(email, audience, 4)).toBe(first);
  vi.setSystemTime(1_795_000_003_000);
  expect(await tokens.token(email, audience, 4)).not.toBe(first);
  expect(await tokens.token(email, 'https://other', 4)).not.toBe(first);
});

it('can be had in any number, no two alike and all of them genuine', async () => {
  const made = await new IdTokens(key).distinct(email, audience, 20);
  expect(new Set(made).size).toBe(20);
  await Promise.all(made.map(verify));
});
