import fc from 'fast-check';
import { expect, it } from 'vitest';
import { messageOf } from './http/message-request.ts';
import { Problem } from './http/problem.ts';

/** `count` characters of 1 to 4 bytes. */
const repeated = (least: number, most: number) =>
  fc
    .tuple(fc.constantFrom('a', 'é', '€', '😀'), fc.integer({ min: least, max: most }))
    .map(([char, count]) => char.repeat(count));
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => ({ weight: 1, arbitrary });
const often = <T>(arbitrary: fc.Arbitrary<T>) => ({ weight: 6, arbitrary });
const loneSurrogate = fc.constantFrom('\ud800', 'a\udc00b', '\udfff\ud800');

const text = fc.oneof(
  often(fc.string({ unit: 'grapheme', minLength: 1 })),
  rarely(repeated(9_999, 10_001)),
  rarely(fc.oneof(loneSurrogate, fc.constant(''), fc.jsonValue({ maxDepth: 1 }))),
);
const name = fc.oneof(
  often(fc.string({ minLength: 1, maxLength: 12 })),
  rarely(repeated(62, 65)),
  rarely(repeated(255, 257)),
  rarely(
    fc.oneof(
      loneSurrogate,
      fc.constantFrom(
        '',
        'goog',
        'GOOGx',
        'agoog',
        'calledBy',
        'calledby',
        'traceparent',
        'idempotencyKey',
      ),
    ),
  ),
);
const value = fc.oneof(
  often(fc.string({ unit: 'grapheme', maxLength: 12 })),
  rarely(repeated(255, 257)),
  rarely(repeated(1_023, 1_025)),
  rarely(fc.oneof(loneSurrogate, fc.jsonValue({ maxDepth: 0 }))),
);
const attributes = fc.oneof(
  often(fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true })),
  rarely(
    fc
      .integer({ min: 96, max: 98 })
      .map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']))),
  ),
);
const message = fc
  .record({ text, attributes, extra: fc.jsonValue() }, { requiredKeys: ['text'] })
  .chain((made) => fc.boolean().map((keep) => (keep ? made : { ...made, extra: undefined })))
  // As it comes out of a body: what is undefined is not there.
  .map((made) => JSON.parse(JSON.stringify(made)) as Record<string, unknown>);

const bytes = (of: string) => new TextEncoder().encode(of).length;
const hasHalf = (of: string) => /\p{Surrogate}/u.test(of);

/** Pub/Sub's limits and the contract of the route, in other words. */
function isMessage(made: Record<string, unknown>): boolean {
  if (Object.keys(made).some((member) => member !== 'text' && member !== 'attributes'))
    return false;
  if (typeof made.text !== 'string' || made.text === '' || hasHalf(made.text)) return false;
  if (Array.from(made.text).length > 10_000) return false;
  const pairs = Object.entries((made.attributes ?? {}) as Record<string, unknown>);
  return (
    pairs.length + 3 <= 100 &&
    pairs.every(
      ([key, content]) =>
        typeof content === 'string' &&
        !hasHalf(key + content.toWellFormed()) &&
        !hasHalf(content) &&
        key !== '' &&
        bytes(key) <= 256 &&
        bytes(content) <= 1_024 &&
        !key.toLowerCase().startsWith('goog') &&
        !['calledBy', 'traceparent', 'idempotencyKey'].includes(key),
    )
  );
}

it('takes exactly what Pub/Sub and the contract allow, and changes nothing of it', () => {
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(message, (made) => {
      if (isMessage(made)) {
        seen.taken += 1;
        expect(messageOf({ body: made })).toEqual(made);
        return;
      }
      seen.refused += 1;
      expect(() => messageOf({ body: made })).toThrow(Problem);
    }),
    { numRuns: 800 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(50);
});

it('refuses with pointers that lead to something in the body', () => {
  fc.assert(
    fc.property(fc.oneof(message, fc.jsonValue()), (made) => {
      let problem: unknown;
      try {
        messageOf({ body: made });
        return;
      } catch (error) {
        problem = error;
      }
      expect(problem).toMatchObject({ code: 'invalid_message', status: 422 });
      const { errors } = (problem as Problem).members as { errors: { pointer: string }[] };
      expect(errors.length).toBeGreaterThan(0);
      for (const { pointer } of errors) {
        const steps = pointer
          .split('/')
          .slice(1)
          .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
        // The last step may be what is missing; what it would stand in is there.
        const holder = steps
          .slice(0, -1)
          .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], made);
        expect(holder).toBeDefined();
      }
    }),
    { numRuns: 300 },
  );
});
