import { describe, expect, it } from 'vitest';
import { encode } from '../../tests/support/signing-authority.ts';
import { decodeUnverifiedJwt } from './unverified-jwt.ts';

const header = { alg: 'RS256' };
const claims = { sub: '1' };
const token = `${encode(header)}.${encode(claims)}.c2lnbmF0dXJl`;
const bytes = (content: string | number[]) => Buffer.from(content as string).toString('base64url');

/** A token of exactly `length` characters. */
function tokenOf(length: number): string {
  const start = `${encode(header)}.${encode(claims)}.`;
  return start + 'A'.repeat(length - start.length);
}

it('takes a token apart', () => {
  expect(decodeUnverifiedJwt(token)).toEqual({ header, claims, signature: 'c2lnbmF0dXJl' });
});

it('looks at 8192 characters, and at no more', () => {
  expect(decodeUnverifiedJwt(tokenOf(8_192))).toBeDefined();
  expect(decodeUnverifiedJwt(tokenOf(8_193))).toBeUndefined();
});

describe('is nothing', () => {
  it.each<[string, unknown]>([
    ['a number', 5],
    ['nothing', undefined],
    ['a list with a token', [token]],
    ['an object that reads like one', { length: 1, toString: () => token }],
    ['a token with a fourth part', `${token}.c2ln`],
    ['a token without signature', `${encode(header)}.${encode(claims)}.`],
    ['a header with loose trailing bits', `eyJhIjoxfR.${encode(claims)}.c2ln`],
    ['claims with loose trailing bits', `${encode(header)}.eyJhIjoxfR.c2ln`],
    ['a signature with loose trailing bits', `${encode(header)}.${encode(claims)}.c2lnbmF0dXJ`],
    [
      'claims that are not UTF-8',
      `${encode(header)}.${bytes([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])}.c2ln`,
    ],
    ['claims behind a byte order mark', `${encode(header)}.${bytes('\ufeff{"sub":"1"}')}.c2ln`],
    ['claims in a list', `${encode(header)}.${encode([claims])}.c2ln`],
    ['claims that are a number', `${encode(header)}.${encode(5)}.c2ln`],
    ['a header that is a text', `${encode('RS256')}.${encode(claims)}.c2ln`],
    ['a header that is no JSON', `${bytes('{')}.${encode(claims)}.c2ln`],
  ])('%s', (_name, value) => {
    expect(decodeUnverifiedJwt(value)).toBeUndefined();
  });
});
