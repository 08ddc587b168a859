import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod';
import {
  audience,
  ConfigError,
  cloudRunVariables,
  commaList,
  loadConfig,
  serviceUrl,
} from './load-config.ts';

const schema = z.object({ AUDIENCES: commaList(audience) });
const portSchema = z.object({ PORT: cloudRunVariables.PORT });
const urlSchema = z.object({ URL: serviceUrl });

/** What a variable is read as; `undefined` if it is refused, with its name in the refusal. */
function read<Schema extends z.ZodObject>(of: Schema, environment: Record<string, string>) {
  try {
    return loadConfig(of, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    for (const name of Object.keys(of.shape)) expect(String(error)).toContain(name);
    return undefined;
  }
}

const forbidden = ' \t\n\u00a0\u2003\ufeff#&%+?';
const item = fc.oneof(
  fc.domain().map((domain) => `https://${domain}`),
  fc.webUrl({ withQueryParameters: true }).filter((url) => !url.includes(',')),
  fc.string({ unit: fc.constantFrom(...'ab:/.-é', ...forbidden), maxLength: 8 }),
  fc.integer({ min: 998, max: 1_002 }).map((length) => 'a'.repeat(length)),
);

it('reads a list of audiences item by item, or not at all', () => {
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 3 }), (items) => {
      const text = items.join(' ,\t');
      const audiences = read(schema, { AUDIENCES: text })?.AUDIENCES;
      const wanted = items.map((each) => each.trim());
      const usable = wanted.every(
        (each) =>
          each !== '' && each.length <= 1_000 && ![...each].some((c) => forbidden.includes(c)),
      );
      seen[usable ? 'taken' : 'refused'] += 1;
      expect(audiences).toEqual(usable ? wanted : undefined);
    }),
    { numRuns: 500 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(20);
});

it('reads what it has read in the same way again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const audiences = read(schema, { AUDIENCES: text })?.AUDIENCES;
      if (audiences)
        expect(read(schema, { AUDIENCES: audiences.join(',') })).toEqual({ AUDIENCES: audiences });
    }),
  );
});

it('reads as a port what is one, in decimal digits', () => {
  const text = fc.oneof(
    fc.integer({ min: -2, max: 70_000 }).map(String),
    fc.integer({ min: 65_533, max: 65_538 }).map(String),
    fc.string({ unit: fc.constantFrom(...'0159-+.ex_ '), minLength: 1, maxLength: 7 }),
  );
  fc.assert(
    fc.property(text, (port) => {
      fc.pre(port.trim() !== '');
      const isDigits = port.length <= 5 && [...port].every((char) => char >= '0' && char <= '9');
      const expected = isDigits && Number(port) < 65_536 ? { PORT: Number(port) } : undefined;
      expect(read(portSchema, { PORT: port })).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

it('reads as a service only an origin that tokens may be sent to', () => {
  const url = fc
    .record({
      scheme: fc.constantFrom(
        'https://',
        'https://',
        'https://',
        'http://',
        'HTTPS:',
        'ftp://',
        '//',
        '',
      ),
      user: fc.constantFrom('', '', '', '', '', '', 'a@', 'a:b@', '@'),
      host: fc.oneof(
        fc.domain(),
        fc.constantFrom('localhost', '127.0.0.1', '[::1]', '127.0.0.1.evil.com'),
      ),
      port: fc.constantFrom('', '', '', '', ':8080', ':x', ':99999'),
      rest: fc.constantFrom('', '', '', '', '/', '/a', '?', '#', '/..', '\\a'),
    })
    .map((parts) => Object.values(parts).join(''));
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(url, fc.string({ minLength: 1 })), (text) => {
      const origin = read(urlSchema, { URL: text })?.URL;
      if (origin === undefined || text.trim() === '') return;
      taken += 1;
      expect(origin).toMatch(
        /^(?:https:\/\/[^/@?#\\]+|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?)$/,
      );
      expect(text).not.toMatch(/[?#]|\w@/);
      expect(new URL(origin).origin).toBe(origin);
    }),
    { numRuns: 500 },
  );
  expect(taken).toBeGreaterThan(10);
});
