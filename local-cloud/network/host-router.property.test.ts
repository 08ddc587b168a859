import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HostRouter, hostNameOf, type Route } from './host-router.ts';

const routes: Record<'exact' | 'apps' | 'regional', Route> = { exact: {}, apps: {}, regional: {} };
const router = new HostRouter()
  .add('run.googleapis.com', routes.exact)
  .add('*.run.app', routes.apps)
  .add('*-run.googleapis.com', routes.regional);

const label = fc.string({ unit: fc.constantFrom(...'ab9-'), maxLength: 4 });
const known = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...'abAB9'), minLength: 1, maxLength: 4 }),
    fc.constantFrom('.run.app', '.x-run.app', '-run.googleapis.com', '.run.googleapis.com'),
    fc.constantFrom('', '.', ':443', '.:443'),
  )
  .map((pieces) => pieces.join(''));
const authority = fc.oneof(
  known,
  fc.string({ unit: 'grapheme' }),
  fc
    .tuple(
      fc.array(
        fc.oneof(
          label,
          fc.constantFrom(
            'run',
            'app',
            'googleapis',
            'x-run',
            'RUN',
            'com',
            '@',
            ' ',
            '%',
            '\u212a',
          ),
        ),
        { maxLength: 4 },
      ),
      fc.constantFrom(
        '',
        '.run.app',
        'run.app',
        '.run.googleapis.com',
        '-run.googleapis.com',
        '.run.app.evil.com',
      ),
      fc.constantFrom('', '.', ':443', '.:443', ':', ':123456', '..', '/', '#'),
    )
    .map(([labels, end, tail]) => labels.join('.') + end + tail),
);

/** RFC 1123 section 2.1, letter by letter. */
function isHostName(name: string): boolean {
  return (
    name.length <= 253 &&
    name
      .split('.')
      .every(
        (part) =>
          part.length >= 1 &&
          part.length <= 63 &&
          !part.startsWith('-') &&
          !part.endsWith('-') &&
          [...part].every((char) => 'abcdefghijklmnopqrstuvwxyz0123456789-'.includes(char)),
      )
  );
}

it('takes any text for a DNS name or for none, and its own answer for itself', () => {
  fc.assert(
    fc.property(authority, (text) => {
      const name = hostNameOf(text);
      if (name === undefined) return;
      expect(isHostName(name)).toBe(true);
      expect(hostNameOf(name)).toBe(name);
      expect(text.toLowerCase()).toMatch(
        new RegExp(`^${name.replaceAll('.', '\\.')}\\.?(:\\d{1,5})?$`),
      );
    }),
    { numRuns: 1_000 },
  );
});

it('routes a host by the end of its name alone', () => {
  const seen = { routed: 0, refused: 0 };
  fc.assert(
    fc.property(authority, (text) => {
      const name = hostNameOf(text) ?? '';
      const found = router.find(text);
      seen[found ? 'routed' : 'refused'] += 1;
      const [first, ...others] = name.split('.');
      let expected: Route | undefined;
      if (name === 'run.googleapis.com') expected = routes.exact;
      else if (name.endsWith('.run.app')) expected = routes.apps;
      else if (others.join('.') === 'googleapis.com' && first?.endsWith('-run'))
        expected = routes.regional;
      expect(found).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(seen.routed, seen.refused)).toBeGreaterThan(50);
});

it('does not care for case, port and trailing dot', () => {
  fc.assert(
    fc.property(fc.domain(), fc.integer({ min: 0, max: 65_535 }), (domain, port) => {
      const host = `${domain}.run.app`;
      fc.pre(hostNameOf(host) !== undefined);
      for (const spelling of [
        host,
        host.toUpperCase(),
        `${host}.`,
        `${host}:${port}`,
        `${host}.:${port}`,
      ]) {
        expect(router.find(spelling)).toBe(routes.apps);
      }
    }),
  );
});
