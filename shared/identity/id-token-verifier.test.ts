import { createHmac, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  audience,
  createSigningAuthority,
  encode,
  genuineClaims,
} from '../../tests/support/signing-authority.ts';
import { createIdTokenVerifier, type IdTokenVerifier } from './id-token-verifier.ts';

type Authority = Awaited<ReturnType<typeof createSigningAuthority>>;

let google: Authority;
let stranger: Authority;
let verifier: IdTokenVerifier;
let lookups = 0;

beforeAll(async () => {
  google = await createSigningAuthority();
  stranger = await createSigningAuthority();
  const certificates = {
    forKey: async () => {
      lookups++;
      return google.keys;
    },
  };
  verifier = createIdTokenVerifier({ audiences: [audience, 'https://other'], certificates });
});

const now = () => Math.floor(Date.now() / 1_000);
const padded = (token: string) => `${token}=`;
const parts = (token: string) => token.split('.') as [string, string, string];

describe('a genuine token', () => {
  it('is verified', async () => {
    const token = await verifier.verify(google.token({ claims: { sub: '100000000000000000002' } }));
    expect(token).toMatchObject({
      subject: '100000000000000000002',
      email: 'caller@demo-project.iam.gserviceaccount.com',
      emailVerified: true,
      audience,
      issuer: 'https://accounts.google.com',
    });
    expect(token.expiresAt.getTime() / 1_000).toBeCloseTo(now() + 3_600, -1);
  });

  it.each<[string, Record<string, unknown>]>([
    ['the short issuer', { iss: 'accounts.google.com' }],
    ['a second audience of ours', { aud: 'https://other' }],
    ['an nbf in the past', { nbf: now() - 10 }],
    ['a clock 20 s ahead', { iat: now() + 20, exp: now() + 3_620 }],
    ['a clock 20 s behind', { iat: now() - 3_620, exp: now() - 20 }],
  ])('is verified with %s', async (_name, claims) => {
    await expect(verifier.verify(google.token({ claims }))).resolves.toBeDefined();
  });

  it('tells an unverified address from a verified one, and a missing one from both', async () => {
    const unverified = google.token({ claims: { email_verified: 'true' } });
    expect(await verifier.verify(unverified)).toMatchObject({ emailVerified: false });
    const without = google.token({ claims: { email: undefined } });
    expect(await verifier.verify(without)).toMatchObject({ email: undefined });
  });
});

describe('a token is refused', () => {
  const cases: [string, string, () => string][] = [
    ['that is empty', 'token_malformed', () => ''],
    ['that is text', 'token_malformed', () => 'hello'],
    ['with two parts', 'token_malformed', () => parts(google.token()).slice(0, 2).join('.')],
    ['with four parts', 'token_malformed', () => `${google.token()}.e30`],
    ['of a thousand dots', 'token_malformed', () => '.'.repeat(1_000)],
    ['that is huge', 'token_malformed', () => google.token({ claims: { x: 'x'.repeat(9_000) } })],
    ['with padding', 'token_malformed', () => padded(google.token())],
    ['with a trailing newline', 'token_malformed', () => `${google.token()}\n`],
    ['with a blank', 'token_malformed', () => ` ${google.token()}`],
    [
      'in standard base64',
      'token_malformed',
      () =>
        google
          .token({ claims: { x: '?>?>?>~~~' } })
          .replaceAll('_', '/')
          .replaceAll('-', '+'),
    ],
    [
      'with loose trailing bits',
      'token_malformed',
      () => {
        const [header, claims, signature] = parts(google.token());
        // 256 bytes leave two bits unused in the last character: B is A with one of them set.
        const last = signature.at(-1) ?? '';
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const loose = alphabet[alphabet.indexOf(last) + 1];
        return `${header}.${claims}.${signature.slice(0, -1)}${loose}`;
      },
    ],
    ['whose claims are an array', 'token_malformed', () => google.signParts({ alg: 'RS256' }, [])],
    ['whose header is null', 'token_malformed', () => google.signParts(null, genuineClaims())],
    [
      'whose claims are not UTF-8',
      'token_malformed',
      () => google.signEncoded(encode({ alg: 'RS256' }), Buffer.from([0xff]).toString('base64url')),
    ],
    [
      'with a stripped signature',
      'signature_removed',
      () => [...parts(google.token()).slice(0, 2), 'SIGNATURE_REMOVED_BY_GOOGLE'].join('.'),
    ],
    ['signed by a stranger', 'token_signature', () => stranger.token()],
    [
      'signed with an unknown key',
      'token_signature',
      () => google.token({ header: { kid: 'another' } }),
    ],
    [
      'whose kid is a property of every object',
      'token_signature',
      () => google.token({ header: { kid: '__proto__' } }),
    ],
    [
      'with changed claims',
      'token_signature',
      () => {
        const [header, , signature] = parts(google.token());
        return `${header}.${encode({ ...genuineClaims(), sub: '1' })}.${signature}`;
      },
    ],
    [
      'that uses the public key as a password',
      'token_header',
      () => {
        const signed = `${encode({ alg: 'HS256', kid: google.keyId, typ: 'JWT' })}.${encode(genuineClaims())}`;
        return `${signed}.${createHmac('sha256', google.pem).update(signed).digest('base64url')}`;
      },
    ],
    ...['none', 'None', 'rs256', 'RS384', 'RS512', 'PS256', 'ES256', '', 1, null].map(
      (alg): [string, string, () => string] => [
        `with alg ${JSON.stringify(alg)}`,
        'token_header',
        () => google.token({ header: { alg } }),
      ],
    ),
    ...['at+jwt', 'jwt', 'JWS', '', 5, undefined].map((typ): [string, string, () => string] => [
      `with typ ${JSON.stringify(typ)}`,
      'token_header',
      () => google.token({ header: { typ } }),
    ]),
    ...[undefined, 5, '', ['key-1'], '../../etc/passwd\u0000', 'a'.repeat(129)].map(
      (kid): [string, string, () => string] => [
        `with kid ${JSON.stringify(kid)?.slice(0, 20)}`,
        'token_header',
        () => google.token({ header: { kid } }),
      ],
    ),
    ...['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip', 'enc', 'cty'].map(
      (name): [string, string, () => string] => [
        `with header parameter ${name}`,
        'token_header',
        () => google.token({ header: { [name]: 'x' } }),
      ],
    ),
    ['with b64 false', 'token_header', () => google.token({ header: { b64: false } })],
    ['with crit null', 'token_header', () => google.token({ header: { crit: null } })],
    ['whose kid is long', 'token_header', () => google.token({ header: { kid: 'a'.repeat(500) } })],
    ...[
      ...['https://accounts.google.com/', 'http://accounts.google.com', 'googleapis.com', '', 5],
      ...['https://evil.accounts.google.com', ['https://accounts.google.com']],
    ].map((iss): [string, string, () => string] => [
      `of issuer ${JSON.stringify(iss)}`,
      'token_issuer',
      () => google.token({ claims: { iss } }),
    ]),
    ...[
      ...[`${audience}/`, audience.slice(0, -1), audience.toUpperCase(), `${audience}.evil.com`],
      ...['https://evil', [audience], '', undefined, null],
    ].map((aud): [string, string, () => string] => [
      `for audience ${JSON.stringify(aud)}`,
      'token_audience',
      () => google.token({ claims: { aud } }),
    ]),
    ...[undefined, '', 5, null].map((sub): [string, string, () => string] => [
      `of subject ${JSON.stringify(sub)}`,
      'token_subject',
      () => google.token({ claims: { sub } }),
    ]),
    ...['exp', 'iat', 'nbf'].flatMap((name) =>
      [`${now() + 60}`, now() + 0.5, null, -1, true, [now()], {}].map(
        (value): [string, string, () => string] => [
          `with ${name} ${JSON.stringify(value)}`,
          'token_times',
          () => google.token({ claims: { [name]: value } }),
        ],
      ),
    ),
    [
      'that has expired',
      'token_expired',
      () => google.token({ claims: { iat: now() - 3_640, exp: now() - 40 } }),
    ],
    [
      'issued in the future',
      'token_not_yet_valid',
      () => google.token({ claims: { iat: now() + 60, exp: now() + 3_660 } }),
    ],
    [
      'with nbf in the future',
      'token_not_yet_valid',
      () => google.token({ claims: { nbf: now() + 60 } }),
    ],
    ['that lives a day', 'token_lifetime', () => google.token({ claims: { exp: now() + 86_400 } })],
    [
      'that ends before it begins',
      'token_lifetime',
      () => google.token({ claims: { iat: now() + 20, exp: now() + 10 } }),
    ],
  ];

  it.each(cases)('%s: %s', async (_name, code, make) => {
    const token = make();
    const error = await verifier.verify(token).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ code, status: 401 });
    const { message } = error as Error;
    for (const part of token.split('.').filter((text) => text.length > 8)) {
      expect(message).not.toContain(part);
    }
  });

  it('without a look at the certificates, unless only the signature is left to check', async () => {
    const before = lookups;
    await expect(verifier.verify('garbage')).rejects.toThrow();
    await expect(verifier.verify(stranger.token({ claims: { aud: 'x' } }))).rejects.toThrow();
    expect(lookups).toBe(before);
    await expect(verifier.verify(stranger.token())).rejects.toThrow();
    expect(lookups).toBe(before + 1);
  });
});

describe('to the second,', () => {
  const at = now();
  const times = (iat: number, exp: number, nbf?: number) => ({ iat, exp, nbf });

  it.each([
    ['ended 29 s ago', times(at - 3_000, at - 29), undefined],
    ['ended 30 s ago', times(at - 3_000, at - 30), 'token_expired'],
    ['begins in 30 s', times(at + 30, at + 60), undefined],
    ['begins in 31 s', times(at + 31, at + 60), 'token_not_yet_valid'],
    ['counts in 30 s', times(at, at + 60, at + 30), undefined],
    ['counts in 31 s', times(at, at + 60, at + 31), 'token_not_yet_valid'],
    ['lives 3,630 s', times(at, at + 3_630), undefined],
    ['lives 3,631 s', times(at, at + 3_631), 'token_lifetime'],
    ['lives one second', times(at, at + 1), undefined],
    ['lives no time', times(at, at), 'token_lifetime'],
  ])('a token that %s', async (_name, claims, code) => {
    const certificates = { forKey: async () => google.keys };
    const clocked = createIdTokenVerifier({
      audiences: [audience],
      certificates,
      now: () => at * 1_000 + 999,
    });
    const verified = clocked.verify(google.token({ claims }));
    if (code) await expect(verified).rejects.toMatchObject({ code });
    else await expect(verified).resolves.toBeDefined();
  });
});

it('takes no signature of one key for that of another', async () => {
  const keys = { ...google.keys, another: stranger.keys[stranger.keyId] as KeyObject };
  const both = createIdTokenVerifier({
    audiences: [audience],
    certificates: { forKey: async () => keys },
  });
  const header = { kid: 'another' };
  await expect(both.verify(google.token())).resolves.toBeDefined();
  await expect(both.verify(stranger.token({ header }))).resolves.toBeDefined();
  await expect(both.verify(google.token({ header }))).rejects.toMatchObject({
    code: 'token_signature',
  });
});

it('passes an outage of the certificates on as what it is', async () => {
  const outage = new Error('outage');
  const certificates = { forKey: () => Promise.reject(outage) };
  const cold = createIdTokenVerifier({ audiences: [audience], certificates });
  await expect(cold.verify(google.token())).rejects.toBe(outage);
});

it.each([[[]], [['']]])('cannot be made for audiences %j', (audiences) => {
  const certificates = { forKey: async () => ({}) };
  expect(() => createIdTokenVerifier({ audiences, certificates })).toThrow(RangeError);
});
