import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeUnverifiedJwt } from './unverified-jwt.ts';

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];

/** base64url written by hand, RFC 4648 section 5: the test must not share the decoder's own reading. */
function base64url(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,6}/g) ?? [];
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(6, '0'), 2)]).join('');
}

/** What any lenient decoder makes of a part: it takes whatever bits are left over. */
const lenient = (part: string) => atob(part.replaceAll('-', '+').replaceAll('_', '/'));
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const jsonObject = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 4,
});
const parts = fc.record({
  header: jsonObject,
  claims: jsonObject,
  signature: fc.uint8Array({ minLength: 1, maxLength: 300 }),
});
const tokenOf = ({
  header,
  claims,
  signature,
}: typeof parts extends fc.Arbitrary<infer T> ? T : never) =>
  [text(header), text(claims), signature].map(base64url).join('.');

/** Any UTF-16 unit: half characters, controls and all. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

/** Text that looks like a token more often than chance would have it. */
const tokenLike = fc
  .array(fc.constantFrom('.', '..', 'e30', 'eyJhIjoxfQ', 'eyJhIjoxfR', 'A', 'AA', '=', '\n', '+'), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(''));
const anything = fc.oneof(
  fc.string({ unit: anyUnit }),
  tokenLike,
  fc.string({ unit: fc.constantFrom(...alphabet, '.') }),
);

it('takes any text without an error, and only in its one canonical spelling', () => {
  fc.assert(
    fc.property(anything, (token) => {
      const jwt = decodeUnverifiedJwt(token);
      if (!jwt) return;
      const [header, claims, signature, ...more] = token.split('.');
      expect(more).toEqual([]);
      expect(jwt.signature).toBe(signature);
      for (const part of [header, claims, signature]) {
        const bytes = Uint8Array.from(lenient(part ?? ''), (char) => char.charCodeAt(0));
        expect(base64url(bytes)).toBe(part);
      }
    }),
    { numRuns: 1_000 },
  );
});

const oddPart = fc.oneof(
  fc
    .constantFrom('[]', '5', 'null', '"a"', '', '{', '\ufeff{}', '{"\ufeff":1}', ' {} ')
    .map((json): Uint8Array => Buffer.from(json)),
  fc
    .uint8Array({ minLength: 1, maxLength: 3 })
    .map((bytes): Uint8Array => Buffer.concat([Buffer.from('{"'), bytes, Buffer.from('":1}')])),
);
const objectPart = jsonObject.map((value): Uint8Array => text(value));
const part = fc.oneof({ weight: 3, arbitrary: objectPart }, { weight: 1, arbitrary: oddPart });
/** About as long as makes a token of 8192 characters, now and then. */
const signature = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 5 }).map((more) => new Uint8Array(6_135 + more)),
  },
);

/** RFC 7515 section 7.1 and RFC 8259 section 8.1, read anew. */
function isObject(bytes: Uint8Array): boolean {
  try {
    const json = Buffer.from(bytes).toString();
    return isUtf8(bytes) && !json.startsWith('\ufeff') && /^\s*\{/.test(json) && !!JSON.parse(json);
  } catch {
    return false;
  }
}

it('takes three parts, two objects in UTF-8 and a signature, of 8192 characters in all', () => {
  const seen = { taken: 0, refused: 0 };
  const end = fc.constantFrom('', '', '', '', '.', '.e30', '\n', '=');
  fc.assert(
    fc.property(part, part, signature, end, (header, claims, signed, more) => {
      const token = [header, claims, signed].map(base64url).join('.') + more;
      const isToken =
        isObject(header) &&
        isObject(claims) &&
        signed.length > 0 &&
        more === '' &&
        token.length <= 8_192;
      seen[isToken ? 'taken' : 'refused'] += 1;
      expect(decodeUnverifiedJwt(token) !== undefined).toBe(isToken);
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(50);
});

it('takes anything that is no text for no token', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      fc.pre(typeof value !== 'string');
      expect(decodeUnverifiedJwt(value)).toBeUndefined();
    }),
  );
});

it('gives back what was put in', () => {
  fc.assert(
    fc.property(parts, (jwt) => {
      expect(decodeUnverifiedJwt(tokenOf(jwt))).toEqual({
        header: JSON.parse(JSON.stringify(jwt.header)),
        claims: JSON.parse(JSON.stringify(jwt.claims)),
        signature: base64url(jwt.signature),
      });
    }),
  );
});

it('reads a token that was changed by a character as another one, or as none', () => {
  const change = fc.record({
    at: fc.nat(),
    removed: fc.constantFrom(0, 1),
    inserted: fc.string({ unit: fc.constantFrom(...alphabet, ...'.=+/ \n\t~é'), maxLength: 2 }),
  });
  let read = 0;
  fc.assert(
    fc.property(parts, change, (jwt, { at, removed, inserted }) => {
      const token = tokenOf(jwt);
      const from = at % (token.length + 1);
      const changed = token.slice(0, from) + inserted + token.slice(from + removed);
      fc.pre(changed !== token);
      if (!decodeUnverifiedJwt(changed)) return;
      read += 1;
      expect(changed.split('.').map(lenient)).not.toEqual(token.split('.').map(lenient));
    }),
    { numRuns: 1_000 },
  );
  expect(read).toBeGreaterThan(0);
});
