import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonBody } from './json-body.ts';
import { Problem } from './problem.ts';

/** What the handler makes of these bytes: the parsed body, or its refusal. */
function read(bytes: Uint8Array, contentType = 'application/json') {
  const request = Object.assign(Readable.from([Buffer.from(bytes)]), {
    headers: { 'content-type': contentType, 'content-length': String(bytes.length) },
    body: undefined as unknown,
  });
  return new Promise<{ body: unknown; refusal: unknown }>((resolve) => {
    const next = (refusal?: unknown) => resolve({ body: request.body, refusal });
    jsonBody(request as unknown as Request, {} as Response, next);
  });
}

const encode = (text: string) => new TextEncoder().encode(text);
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;
const names = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => [name, ...names(inner)])
    : [];

/** Texts made to confuse whoever looks for brackets without parsing. */
const trap = fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', 'u', 'é', '\n') });
/** JSON that nests about as deep as the limit, with traps on its way down. */
const nested = fc
  .tuple(fc.array(fc.tuple(fc.boolean(), trap, trap), { minLength: 10, maxLength: 20 }), trap)
  .map(([levels, core]) =>
    levels.reduce<unknown>(
      (inner, [isArray, before, name]) => (isArray ? [before, inner] : { [`.${name}`]: inner }),
      core,
    ),
  );
const spelled = fc
  .tuple(fc.oneof(nested, fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'))
  .map(([value, space]) => ({ value, text: JSON.stringify(value, null, space) }));

it('takes JSON as it is up to 16 levels, and refuses deeper', async () => {
  const seen = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(spelled, async ({ value, text }) => {
      const { body, refusal } = await read(encode(text));
      if (depthOf(value) <= 16 && !names(value).includes('__proto__')) {
        seen.taken += 1;
        expect(refusal).toBeUndefined();
        expect(body).toEqual(JSON.parse(text));
        return;
      }
      seen.refused += 1;
      expect(refusal).toMatchObject({ code: 'malformed_json', status: 400 });
    }),
    { numRuns: 500 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(20);
});

/** What JSON in UTF-8 is made of, and what it is not. */
const shard = fc.oneof(
  fc.constantFrom('"', '"', '"a"', '\ufeff', '{}', 'é', ' ').map((json) => Buffer.from(json)),
  fc.constantFrom(0xff, 0xc3, 0x80, 0x00).map((byte) => Buffer.of(byte)),
);

/** RFC 8259 section 8.1: JSON in UTF-8, without a byte order mark. */
function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(bytes).toString());
    return isUtf8(bytes);
  } catch {
    return false;
  }
}

it('answers any bytes with their JSON or with 400, and quotes none of them', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1 }),
    fc.string({ unit: fc.constantFrom(...'{}[]":,\\truefalsn0-1e. '), minLength: 1 }).map(encode),
    fc.array(shard, { minLength: 1, maxLength: 4 }).map((shards) => Buffer.concat(shards)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      const { body, refusal } = await read(sent);
      expect(refusal === undefined).toBe(isJson(sent));
      if (refusal === undefined) {
        expect(body).toEqual(JSON.parse(Buffer.from(sent).toString()));
        return;
      }
      expect(refusal).toBeInstanceOf(Problem);
      expect(refusal).toMatchObject({ code: 'malformed_json', status: 400, cause: undefined });
      const text = Buffer.from(sent).toString('latin1');
      if (text.length > 4) expect((refusal as Problem).message).not.toContain(text);
    }),
    { numRuns: 1_000 },
  );
});

it('takes no name __proto__, in whatever spelling and depth', async () => {
  const escaped = fc
    .array(fc.boolean(), { minLength: 9, maxLength: 9 })
    .map((escapes) =>
      [...'__proto__']
        .map((char, i) =>
          escapes[i] ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char,
        )
        .join(''),
    );
  await fc.assert(
    fc.asyncProperty(escaped, fc.integer({ min: 0, max: 15 }), async (name, levels) => {
      const text = `${'['.repeat(levels)}{"${name}":1}${']'.repeat(levels)}`;
      const { refusal } = await read(encode(text));
      expect(refusal).toMatchObject({ code: 'malformed_json' });
    }),
  );
});
